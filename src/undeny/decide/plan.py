"""A request made ready: every layer's statements sorted out, the service's own rules applied, the rest left to the context."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import msgspec

from undeny import dropins
from undeny.decide.call import Call
from undeny.decide.context import filled_in, together
from undeny.decide.layers import boundary, endpoint, identity, rcp, resource, scope_down, scp, session
from undeny.decide.model import LAYERS, Decision, LayerDecision, LayerName
from undeny.decide.order import Mode, Sides, agree, both, either, granted, missing
from undeny.decide.rules import Answer, Check, CompiledLayers, Entries, Entry, ResourceRule, Rule, Ways, any_check
from undeny.iam.conditions import Holds
from undeny.iam.variables import Context, KeyValue

_GATES: tuple[LayerName, ...] = ("rcp", "scp", "endpoint", "scope_down")
_SERVICES = "undeny.decide.services"


class Parts:
    """What service rules may change before the plan is made.

    `policies`: the resource's own policy, and another that must let the call in as well (the bucket's behind an access point;
    its statements, and the call as it looks to them, are `second`). `off`: statements that have no effect, and why. `vetoes`: AWS refuses
    whatever the policies say, where the test holds, and why; they speak for the resource. `resource_applies`: whether there is a resource
    policy, ACL or grant that speaks. `unsaid`: what AWS does not say of this call, a need where the decision is open. `context`: keys that
    the service adds. `ignored`: beginnings of keys that the service does not honour.
    """

    def __init__(self, call: Call, compiled: CompiledLayers) -> None:
        self.call = call
        self.compiled = compiled
        self.rules: dict[LayerName, Rule] = {
            "rcp": rcp.rule(call, compiled),
            "scp": scp.rule(call, compiled),
            "endpoint": endpoint.rule(call, compiled),
            "identity": identity.rule(call, compiled),
            "boundary": boundary.rule(call, compiled),
            "session": session.rule(call, compiled),
            "scope_down": scope_down.rule(call, compiled),
        }
        self.policies: list[ResourceRule] = [resource.rule(call, compiled)]
        self.second: tuple[Entries, Call] | None = None
        self.resource_applies = compiled.resource is not None
        self.modes: tuple[Mode, ...] = _modes(call)
        self.vetoes: list[tuple[Holds, str]] = []
        self.notes: list[str] = []
        self.off: dict[int, str] = {}
        self.unsaid: list[str] = []
        self.context: dict[str, KeyValue] = {}
        self.ignored: tuple[str, ...] = ()

    @property
    def own(self) -> ResourceRule:
        """The resource's own policy."""
        return self.policies[0]

    def switch_off(self, check: Check, why: str) -> None:
        """Say why a statement of the resource's policy has no effect."""
        if check.entry is not None:
            self.off[id(check.entry)] = why

    def forbid(self, why: str) -> None:
        """Say that AWS refuses the call whatever the policies say."""
        self.vetoes.append((_always, why))

    def always_needs_the_policy(self) -> None:
        """Say that in one account, too, the resource's policy must allow or delegate."""
        self.modes = tuple("must" if mode == "same" else mode for mode in self.modes)


def _always(context: Context) -> bool:
    del context
    return True


def _modes(call: Call) -> tuple[Mode, ...]:
    if not call.has_identity:
        return ("alone",)
    if call.same_account is None:
        return ("same", "cross")
    return ("same",) if call.same_account else ("cross",)


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with what each layer says."""

    decision: Decision
    layers: Mapping[LayerName, LayerDecision]
    blocked_by: tuple[LayerName, ...]
    denies: Mapping[LayerName, Answer]
    allows: Mapping[LayerName, Answer]
    ways: tuple[Ways, ...]
    sides: tuple[Sides, ...]
    granted: Answer
    veto: Answer = False


class Plan:
    """A request without its context: `allows` is the fast way, `settle` the whole answer."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.call = parts.call
        self.rules = {name: rule.freeze() for name, rule in parts.rules.items()}
        self.policies = parts.policies
        self.base: dict[str, KeyValue] = filled_in(
            parts.call, caller_in_organization=_organized(parts.compiled.scp), resource_in_organization=_organized(parts.compiled.rcp)
        )
        self.base.update(parts.context)
        self.resource_denies = [check for policy in parts.policies for check in policy.denies]
        self.entries: Mapping[LayerName, tuple[Entry, ...]] | None = None  # explaining lays them out, once
        self._denying = [rule for rule in self.rules.values() if rule.deny_const is not False]
        self._gating = [self.rules[name] for name in _GATES if self.rules[name].allow_const is not True]

    def allows(self, context: Context) -> bool:
        """Whether the call is allowed: false where it is denied or not known."""
        if self.parts.vetoes and self.veto(context) is not False:
            return False
        for rule in self._denying:
            if rule.deny(context) is not False:
                return False
        for rule in self._gating:
            if rule.allow(context) is not True:
                return False
        if self.resource_denies and any_check(self.resource_denies, context) is not False:
            return False
        return self.granted(self.sides(context)) is True

    def sides(self, context: Context) -> tuple[Sides, ...]:
        """Ask each side, once for each policy of the resource that must let the call in."""
        rules = self.rules
        caller = (rules["identity"].allow(context), rules["boundary"].allow(context), rules["session"].allow(context))
        return tuple(Sides(*caller, policy.decide(context)) for policy in self.policies)

    def granted(self, sides: tuple[Sides, ...]) -> Answer:
        """Whether both sides together let the call through."""
        if len(sides) == 1 and len(self.parts.modes) == 1:
            return granted(self.parts.modes[0], sides[0])
        result: Answer = True
        for one in sides:
            result = both(result, agree(granted(mode, one) for mode in self.parts.modes))
        return result

    def veto(self, context: Context) -> Answer:
        """Whether AWS refuses whatever the policies say."""
        return either(*(test(context) for test, _ in self.parts.vetoes))

    def veto_unknown(self, settled: Settled) -> bool:
        """Whether AWS may refuse whatever the policies say."""
        return bool(self.parts.vetoes) and settled.veto is None

    def context(self, told: dict[str, KeyValue]) -> dict[str, KeyValue]:
        """Lay the given keys over those filled in."""
        if self.parts.ignored:
            for key in [key for key in told if key.startswith(self.parts.ignored)]:
                del told[key]
        return together(self.base, told)

    def settle(self, context: Context) -> Settled:
        """Decide, layer by layer, and say what is in the way."""
        denies: dict[LayerName, Answer] = {name: rule.deny(context) for name, rule in self.rules.items()}
        denies["resource"] = any_check(self.resource_denies, context)
        sides = self.sides(context)
        allows: dict[LayerName, Answer] = {name: rule.allow(context) for name, rule in self.rules.items()}
        let_in: Answer = True
        for one in sides:
            let_in = both(let_in, one.any_way)
        allows["resource"] = let_in
        veto = self.veto(context)
        total = both(self.granted(sides), None if veto is None else not veto)
        for name in _GATES:
            total = both(total, allows[name])
        denied = either(*denies.values())
        return Settled(
            decision=_decision(denied, total),
            layers={name: self._layer(name, denies[name], allows[name]) for name in LAYERS}
            | ({"resource": self._vetoed(denies["resource"], veto)} if veto is not False else {}),
            blocked_by=self._blocked(denies, allows, sides, veto) if denied or total is False else (),
            denies=denies,
            allows=allows,
            ways=tuple(one.ways for one in sides),
            sides=sides,
            granted=total,
            veto=veto,
        )

    def _layer(self, name: LayerName, deny: Answer, allow: Answer) -> LayerDecision:
        # An access point without policy of its own still has the bucket's.
        speaks = self.parts.resource_applies or deny is not False or allow is not False
        if not (speaks if name == "resource" else self.rules[name].applies):
            return "not_applicable"
        if deny:
            return "explicitly_denied"
        if deny is None or allow is None:
            return "unknown"
        return "allowed" if allow else "implicitly_denied"

    def _vetoed(self, deny: Answer, veto: Answer) -> LayerDecision:
        if deny is not False:
            return "explicitly_denied" if deny else "unknown"
        if not self.parts.resource_applies and all(test is _always for test, _ in self.parts.vetoes):
            return "not_applicable"
        return "implicitly_denied" if veto else "unknown"

    def _blocked(
        self, denies: Mapping[LayerName, Answer], allows: Mapping[LayerName, Answer], sides: tuple[Sides, ...], veto: Answer
    ) -> tuple[LayerName, ...]:
        found: set[str] = {name for name, denied in denies.items() if denied}
        found |= {name for name in _GATES if allows[name] is False} | ({"resource"} if veto else set())
        for one in sides:
            by_mode = [
                missing(mode, one, identity_applies=self.rules["identity"].applies)
                for mode in self.parts.modes
                if veto or granted(mode, one) is False
            ]
            if len(by_mode) == len(self.parts.modes):
                found |= set.intersection(*by_mode)
        return tuple(name for name in LAYERS if name in found)


def _decision(denied: Answer, total: Answer) -> Decision:
    if denied:
        return "explicitly_denied"
    if total is False:
        return "implicitly_denied"
    return "unknown" if denied is None or total is None else "allowed"


def _organized(levels: Sequence[object]) -> bool | None:
    """Whether an account is in an organisation: no level, no; a gap in place of all levels, not known."""
    if not levels:
        return False
    first = levels[0]
    return None if len(levels) == 1 and getattr(first, "gap", None) is not None else True


def make_plan(call: Call, compiled: CompiledLayers) -> Plan:
    """Sort out every layer and apply the rules of the service."""
    parts = Parts(call, compiled)
    for adapt, needs_facts in _adapters(f"{call.service}:{call.name}"):
        if not needs_facts or call.things or call.parameters:
            adapt(call, parts)
    return Plan(parts)


@lru_cache(maxsize=4096)
def _adapters(action: str) -> tuple[tuple[Callable[[Call, Parts], None], bool], ...]:
    """Find the service rules that speak on an action; those that only read facts are marked (`FACTS_ONLY = True`)."""
    modules = dropins.load_for(_SERVICES, action)
    return tuple((module.adapt, getattr(module, "FACTS_ONLY", False)) for module in modules)
