"""A layer made ready for one call: the statements left to check, each with the tests that need the context."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from undeny.decide.call import RESOURCE, Call
from undeny.decide.compiled import CompiledStatement, compile_document
from undeny.decide.model import LayerName
from undeny.decide.naming import Kind, Namer, Naming
from undeny.evidence.model import Gap, Level, LevelSet, Policies, Policy, PolicySet
from undeny.iam.conditions import Holds
from undeny.iam.variables import Context

Answer = bool | None


class Entry:
    """A compiled statement where it is attached.

    What explaining remembers: `passed_over`, by action, where it does not speak on the action; `elsewhere`, the last action and resource
    where it does not speak on the resource.
    """

    __slots__ = ("elsewhere", "layer", "passed_over", "policy", "statement", "target")

    def __init__(self, layer: LayerName, policy: str | None, target: str | None, statement: CompiledStatement) -> None:
        self.layer = layer
        self.policy = policy
        self.target = target
        self.statement = statement
        self.passed_over: dict[str, Any] = {}
        self.elsewhere: tuple[str, str, Any] | None = None


class Entries:
    """The statements of one policy, level or layer, found by action; or the gap that stands for them."""

    __slots__ = ("_by_action", "all", "gap")

    def __init__(self, entries: Sequence[Entry], gap: Gap | None = None) -> None:
        self.all = tuple(entries)
        self.gap = gap
        self._by_action: dict[tuple[str, str], tuple[tuple[Entry, Answer], ...]] = {}

    def acting(self, service: str, name: str) -> tuple[tuple[Entry, Answer], ...]:
        """Give the statements whose action element matches, or may match."""
        key = (service, name)
        found = self._by_action.get(key)
        if found is None:
            pairs = ((entry, entry.statement.acts(service, name)) for entry in self.all)
            found = tuple((entry, acts) for entry, acts in pairs if acts is not False)
            if len(self._by_action) > 4096:
                self._by_action.clear()
            self._by_action[key] = found
        return found


class CompiledLayers(msgspec.Struct, frozen=True, kw_only=True):
    """The policies of a request compiled, layer by layer; `None` where a layer does not apply.

    `scope_down` has one for each policy, `scp` and `rcp` one for each level; an empty level set: no organisation.
    """

    identity: Entries | None
    boundary: Entries | None
    session: Entries | None
    endpoint: Entries | None
    resource: Entries | None
    scope_down: tuple[Entries, ...] | None
    scp: tuple[Entries, ...]
    rcp: tuple[Entries, ...]


class Check:
    """One statement, grant or gap that may decide: `certain` unless something static is not known; `tests` need the context."""

    __slots__ = ("certain", "entry", "gap", "tests", "what")

    def __init__(
        self, *, certain: Answer, tests: tuple[Holds, ...] = (), entry: Entry | None = None, gap: Gap | None = None, what: str | None = None
    ) -> None:
        self.certain = certain
        self.tests = tests
        self.entry = entry
        self.gap = gap
        self.what = what

    @property
    def sure(self) -> bool:
        """Whether it holds in every context."""
        return self.certain is True and not self.tests


def any_check(checks: Iterable[Check], context: Context) -> Answer:
    """Whether one of the checks holds."""
    unknown = False
    for check in checks:
        certain = check.certain
        for test in check.tests:
            result = test(context)
            if result is False:
                break
            if result is None:
                certain = None
        else:
            if certain:
                return True
            unknown = True
    return None if unknown else False


class Rule:
    """One layer for one call: it denies if a deny holds, allows if in every group an allow does.

    Not `applies`: the layer does not exist, or the caller is exempt. `namer` tells how its statements name the caller.
    """

    __slots__ = ("allow_const", "applies", "denies", "deny_const", "groups", "live", "namer")

    def __init__(self, *, applies: bool = True, denies: Sequence[Check] = (), groups: Sequence[Sequence[Check]] = ()) -> None:
        self.applies = applies
        self.denies = list(denies)
        self.groups = [list(group) for group in groups]
        self.namer: Namer | None = None
        self.deny_const: bool | None = None
        self.allow_const: bool | None = None
        self.live: list[list[Check]] = []

    def freeze(self) -> "Rule":
        """Work out what no context can change."""
        if self is ABSENT:
            return self
        self.deny_const = True if any(check.sure for check in self.denies) else None if self.denies else False
        self.live = [group for group in self.groups if not any(check.sure for check in group)]
        self.allow_const = False if not all(self.live) else None if self.live else True
        return self

    def deny(self, context: Context) -> Answer:
        """Whether an explicit deny applies."""
        return self.deny_const if self.deny_const is not None else any_check(self.denies, context)

    def allow(self, context: Context) -> Answer:
        """Whether every group has an allow that applies."""
        if self.allow_const is not None:
            return self.allow_const
        result: Answer = True
        for group in self.live:
            found = any_check(group, context)
            if found is False:
                return False
            if found is None:
                result = None
        return result


ABSENT = Rule(applies=False)
"""A layer that does not exist, or does not reach the caller: one for all, never changed."""
ABSENT.deny_const, ABSENT.allow_const = False, True

Ways = Mapping[str, Answer]
"""How a resource's own policy lets the caller in, by the way that it names it; `grant` is a KMS grant."""
WAYS: tuple[str, ...] = ("self", "role", "everyone", "account", "grant")


class ResourceRule:
    """The resource's own policy for one call: its denies, and its allows by how they name the caller."""

    __slots__ = ("denies", "namer", "ways", "without_resource")

    def __init__(self, *, without_resource: Answer = True) -> None:
        self.without_resource = without_resource
        self.denies: list[Check] = []
        self.ways: dict[str, list[Check]] = {}
        self.namer: Namer | None = None

    def add(self, way: Kind | str, check: Check) -> None:
        """Add an allow."""
        self.ways.setdefault(way, []).append(check)

    def decide(self, context: Context) -> Ways:
        """Decide each way by itself."""
        return {way: any_check(checks, context) for way, checks in self.ways.items()}

    def filtered(self, keep: Callable[[Check], bool]) -> None:
        """Leave only the allows for which `keep` holds."""
        self.ways = {way: [check for check in checks if keep(check)] for way, checks in self.ways.items()}


def gap_check(gap: Gap) -> Check:
    """Give the check that a layer which was not read amounts to."""
    return Check(certain=None, gap=gap)


def check_of(entry: Entry, acts: Answer, call: Call, *, named: Answer = True, without_resource: Answer = None) -> Check | None:
    """Check all of a statement that needs no context; `None` where it cannot apply.

    `without_resource` is what a statement without Resource and NotResource amounts to.
    """
    statement = entry.statement
    tests = statement.tests
    if statement.every_resource:
        about: Answer = True
    elif not statement.has_resource:
        about = without_resource if not {"Resource", "NotResource"} & set(statement.statement.raw) else None
    elif call.resource_untold:
        about = statement.concerns_some(call.resource)
    elif call.stands_for_many:
        about = True
        tests = (_open_test(statement), *tests)
    elif statement.fixed:
        about = statement.concerns(call.resource, {})
    else:
        about = True
        tests = (_resource_test(statement, call.resource), *tests)
    if about is False or named is False:
        return None
    return Check(certain=True if acts and about and named else None, tests=tests, entry=entry)


def _resource_test(statement: CompiledStatement, resource: str) -> Holds:
    return lambda context: statement.concerns(resource, context)


def _open_test(statement: CompiledStatement) -> Holds:
    return lambda context: statement.concerns(str(context[RESOURCE]), context)


def _named(naming: Naming) -> Answer:
    return any(naming.values()) or (None if naming else False)


def sort_out(entries: Entries, call: Call, *, namer: Namer | None = None) -> tuple[list[Check], list[Check]]:
    """Give the denies and the allows of a set of statements that may apply to a call."""
    if entries.gap is not None:
        return [gap_check(entries.gap)], [gap_check(entries.gap)]
    denies: list[Check] = []
    allows: list[Check] = []
    for entry, acts in entries.acting(call.service, call.name):
        named = _named(namer(entry.statement.statement)) if namer is not None else True
        check = check_of(entry, acts, call, named=named)
        if check is None:
            continue
        if entry.statement.deny:
            denies.append(check)
        if not entry.statement.deny or entry.statement.effect_unread:
            allows.append(check)
    return denies, allows


def sort_out_resource(entries: Entries, call: Call, namer: Namer, *, without_resource: Answer) -> ResourceRule:
    """Give the rule of a resource's own policy."""
    rule = ResourceRule(without_resource=without_resource)
    rule.namer = namer
    if entries.gap is not None:
        rule.denies.append(gap_check(entries.gap))
        for way in WAYS[:4]:
            rule.add(way, gap_check(entries.gap))
        return rule
    for entry, acts in entries.acting(call.service, call.name):
        naming = namer(entry.statement.statement)
        if entry.statement.deny:
            check = check_of(entry, acts, call, named=_named(naming), without_resource=without_resource)
            if check is not None:
                rule.denies.append(check)
        if entry.statement.deny and not entry.statement.effect_unread:
            continue
        for way, sure in naming.items():
            check = check_of(entry, acts, call, named=sure, without_resource=without_resource)
            if check is not None:
                rule.add(way, check)
    return rule


def compile_all(policies: Policies) -> CompiledLayers:
    """Compile every layer of a request's policies."""
    scope_down = policies.scope_down
    return CompiledLayers(
        identity=_policies("identity", policies.identity),
        boundary=_policies("boundary", policies.boundary),
        session=_policies("session", policies.session),
        endpoint=_policies("endpoint", policies.endpoint),
        resource=one_policy(policies.resource),
        scope_down=None if scope_down is None else _each("scope_down", scope_down),
        scp=_levels("scp", policies.scp),
        rcp=_levels("rcp", policies.rcp),
    )


def one_policy(policy: Policy | Gap | None) -> Entries | None:
    """Compile a resource's own policy."""
    if policy is None:
        return None
    return Entries((), policy) if isinstance(policy, Gap) else Entries(_entries("resource", (policy,), None))


def _entries(layer: LayerName, policies: Iterable[Policy], target: str | None) -> list[Entry]:
    named = ((policy, compile_document(policy.document)) for policy in policies)
    return [Entry(layer, _name(layer, policy), target, statement) for policy, statements in named for statement in statements]


def _name(layer: LayerName, policy: Policy) -> str | None:
    return None if layer == "resource" else policy.name


def _policies(layer: LayerName, policies: PolicySet) -> Entries | None:
    if policies is None:
        return None
    return Entries((), policies) if isinstance(policies, Gap) else Entries(_entries(layer, policies, None))


def _each(layer: LayerName, policies: tuple[Policy, ...] | Gap) -> tuple[Entries, ...]:
    if isinstance(policies, Gap):
        return (Entries((), policies),)
    return tuple(Entries(_entries(layer, (policy,), None)) for policy in policies)


def _levels(layer: LayerName, levels: LevelSet) -> tuple[Entries, ...]:
    if isinstance(levels, Gap):
        return (Entries((), levels),)
    return tuple(_level(layer, level) for level in levels)


def _level(layer: LayerName, level: Level) -> Entries:
    if isinstance(level.policies, Gap):
        return Entries((), level.policies)
    return Entries(_entries(layer, level.policies, level.target))
