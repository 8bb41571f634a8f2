"""The comparison as one readable function: decide both, give both the same names, take both apart, find what differs and what decides."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny import calls, decide, denial
from undeny.calls.model import Request
from undeny.decide.model import Verdict
from undeny.errors import UndenyError
from undeny.evidence import scenario
from undeny.evidence.layers import holder_of_policy
from undeny.evidence.scenario import Scenario
from undeny.prove.comparing import cause, meaning, say
from undeny.prove.comparing.deciding import DENIED, Decided, decided
from undeny.prove.comparing.model import MISSING, Comparison, Difference, Side, Unit, Witness
from undeny.prove.comparing.naming import Swap, swap
from undeny.prove.comparing.units import Choice, units

Source = Side | Scenario | Mapping[str, Any]
_POLICIES = ("identity", "boundary", "session", "scope_down", "endpoint", "resource", "scp", "rcp")
_MOST_WITNESSES = 40


def compare(a: Source, b: Source) -> Comparison:
    """Compare one call on two sides: scenarios as `evaluate` takes them, or a request with evidence each.

    Accounts, and the names of the call's own role and thing, are mapped first. Raises `UndenyError` for a scenario without a request.
    """
    return _Walk(side(a), side(b)).comparison()


def side(source: Source) -> Side:
    """Read one side."""
    if isinstance(source, Side):
        return source
    read = source if isinstance(source, Scenario) else scenario.read(source)
    request = request_of(read)
    parameters = (read.event or {}).get("requestParameters")
    if not request.parameters and isinstance(parameters, Mapping):
        request = msgspec.structs.replace(request, parameters=parameters)
    return Side(request=request, evidence=read.evidence)


def request_of(read: Scenario) -> Request:
    """Give the call of a scenario: its request, else what its event or text says. Raises `UndenyError` where none says it."""
    if read.request is not None:
        return read.request
    seen = denial.parse(read.event) if read.event else denial.parse(read.text) if read.text else ()
    found = calls.requests_of(seen[0]) if seen else ()
    if not found:
        raise UndenyError("the scenario has no `request`", code="no-request", help=("both sides name the call that is compared",))
    return found[0]


class _Walk:
    """One comparison on its way: `b` has the names of A, `decided_b` was decided under its own."""

    def __init__(self, a: Side, b: Side) -> None:
        self.a = a
        self.own_b = b
        self.decided_a = decided(a, explain=True)
        self.decided_b = decided(b, explain=True)
        self.swap = self._faithful(b)
        self.b = self.swap.side(b)
        self.units = units(self.a, self.b)

    def _faithful(self, b: Side) -> Swap:
        """Give the swap, if B decides alike under the names of A; accounts alone, or nothing, where it does not."""
        named = swap(self.a, b, self.decided_a.requests[1:], self.decided_b.requests[1:])
        accounts = tuple(one for one in named.mapped if one.kind == "account")
        only = Swap(texts=tuple((one.a, one.b) for one in accounts), mapped=accounts)
        for tried in (named, only):
            again = decided(tried.side(b))
            if (again.decision, again.verdict.blocked_by) == (self.decided_b.decision, self.decided_b.verdict.blocked_by):
                return tried
        return Swap()

    def comparison(self) -> Comparison:
        """Find what differs, and what decides."""
        a, b = self.decided_a, self.decided_b
        fails: Choice | None = None if self._alike() is not False else "b" if b.decision in DENIED else "a"
        differing = [unit for unit in self.units if unit.a != unit.b]
        meanings = {unit.slot: self._meaning(unit) for unit in differing if unit.layer in _POLICIES}
        real = [unit for unit in differing if unit.slot not in meanings or meanings[unit.slot].same is not True]
        failing = (b if fails == "b" else a).verdict.blocked_by
        decides = cause.deciding(self.units, real, fails, failing) if fails is not None else ()
        if fails is not None and not decides:  # what was shown to be the same in its layer may still decide beside the others
            decides = cause.deciding(self.units, differing, fails, failing)
            real = [unit for unit in differing if unit in real or unit in decides]
        shown = [self._difference(unit, meanings.get(unit.slot), unit in decides) for unit in self._ordered(real, decides)]
        differences = tuple(one for one in shown if one is not None)
        first = decides[0] if decides else None
        return Comparison(
            alike=self._alike(),
            summary=say.summary(a, b, fails, decides, self.swap),
            a=a.outcome,
            b=b.outcome,
            layer=first.layer if first else None,
            level=self._level(first, fails),
            differences=differences,
            looks_different=self._looking(differing, meanings),
            undecided=tuple(say.place(unit) for unit in real if self._open(unit, meanings.get(unit.slot))),
            mapped=self.swap.mapped,
            needs=self._needs(real),
        )

    @staticmethod
    def _looking(differing: list[Unit], meanings: Mapping[str, meaning.Meaning]) -> tuple[str, ...]:
        same = (unit for unit in differing if unit.slot in meanings and meanings[unit.slot].same)
        return tuple(say.place(unit) for unit in same if _looks(unit.a) != _looks(unit.b))

    def _level(self, first: Unit | None, fails: Choice | None) -> str | None:
        if first is None:
            return None
        theirs = self._theirs(first.place_b) if fails == "b" else None
        return theirs or first.place_a or self._theirs(first.place_b) or first.key

    def _alike(self) -> bool | None:
        words = [one.decision for one in (self.decided_a, self.decided_b)]
        if "unknown" in words:
            return None
        return (words[0] == "allowed") == (words[1] == "allowed")

    @staticmethod
    def _ordered(real: list[Unit], decides: tuple[Unit, ...]) -> list[Unit]:
        return [*decides, *(unit for unit in real if unit not in decides)]

    def _meaning(self, unit: Unit) -> meaning.Meaning:
        held = [getattr(one.evidence.policies, unit.layer) for one in (self.a, self.b)] if unit.layer in ("scp", "rcp") else []
        if held and meaning.levels_alike(*held):
            return meaning.Meaning(same=True)
        base = self._base(unit)
        if not base or meaning.unread(unit.a) is not None or meaning.unread(unit.b) is not None:
            return meaning.Meaning(same=None)
        return meaning.meaning(unit, base, self.a.evidence.resources)

    def _base(self, unit: Unit) -> tuple[Request, ...]:
        """Give the requests that a place speaks on: A's and B's, of the thing that holds the policy; none where the call makes none."""
        others = decided(self.b).requests
        every = (*self.decided_a.requests, *others)
        if not unit.slot.startswith("policy "):
            return _unique((self.decided_a.requests[0], others[0], *every))
        arn = unit.slot.partition(" ")[2]
        return _unique(tuple(one for one in every if arn in (one.resource, holder_of_policy(one.action, one.resource))))

    def _open(self, unit: Unit, found: meaning.Meaning | None) -> bool:
        unread = meaning.unread(unit.a) is not None or meaning.unread(unit.b) is not None
        return found is not None and found.same is None and not unread and bool(self._base(unit))

    def _needs(self, real: list[Unit]) -> tuple[str, ...]:
        gaps = (meaning.unread(value) for unit in real for value in (unit.a, unit.b) if unit.layer in _POLICIES)
        told = [need for one in (self.decided_a, self.decided_b) if one.decision == "unknown" for need in one.verdict.needs]
        return tuple(dict.fromkeys([*told, *(gap.what for gap in gaps if gap is not None)]))

    def _difference(self, unit: Unit, found: meaning.Meaning | None, decides: bool) -> Difference | None:  # noqa: FBT001 - whether it decides
        if unit.layer not in _POLICIES:
            return self._value(unit, decides=decides) if decides or unit.layer != "call" else None
        witness = self._witness(unit, found) if found is not None and found.requests else None
        if witness is None and not decides:
            return None
        return Difference(
            layer=unit.layer,
            what=say.place(unit),
            decides=decides,
            place_a=unit.place_a,
            place_b=self._theirs(unit.place_b),
            witness=witness,
            statements_a=say.statements(unit, self._verdict(self.decided_a, unit), self._targets(unit.a)),
            statements_b=say.statements(unit, self._verdict(self.decided_b, unit), self._targets(unit.b)),
        )

    def _targets(self, held: Any) -> tuple[str, ...]:
        target = say.target(held)
        return () if target is None else (target, self.swap.text(target))

    def _theirs(self, place: str | None) -> str | None:
        return self.swap.text(place) if place is not None else None

    def _verdict(self, side: Decided, unit: Unit) -> Verdict:
        if not unit.slot.startswith("policy "):
            return side.verdict if side.at == 0 or side.decision in DENIED else side.verdicts[0]
        arn = unit.slot.partition(" ")[2]
        wanted = (arn, self.swap.text(arn))
        pairs = zip(side.requests, side.verdicts, strict=True)
        return next((v for r, v in pairs if r.resource in wanted or holder_of_policy(r.action, r.resource) in wanted), side.verdict)

    def _value(self, unit: Unit, *, decides: bool) -> Difference | None:
        a, b = (say.value(held) for held in (unit.a, unit.b))
        if unit.layer == "setting":
            a, b = say.settings(unit)
            if a == b:
                return None
        theirs = self.swap.anything(b)
        return Difference(
            layer=unit.layer,
            what=say.place(unit),
            decides=decides,
            place_a=unit.place_a if unit.a is not MISSING else None,
            place_b=self._theirs(unit.place_b) if unit.b is not MISSING else None,
            key=unit.key,
            value_a=a,
            value_b=theirs,
            witness=self._of_call() if decides else None,
        )

    def _of_call(self) -> Witness:
        a, b = self.decided_a, self.decided_b
        layer = (b.verdict.blocked_by or a.verdict.blocked_by or ("identity",))[0]
        return Witness(
            request_a=scenario.write_request(a.requests[a.at if b.at >= len(a.requests) else b.at]),
            request_b=scenario.write_request(b.requests[b.at]),
            a=a.verdict.layers[layer],
            b=b.verdict.layers[layer],
            call_a=a.decision,
            call_b=b.decision,
            found="call",
        )

    def _witness(self, unit: Unit, found: meaning.Meaning) -> Witness | None:
        """Give the request that tells the two apart best: over all layers, else in the layer; each decided on both sides."""
        best: Witness | None = None
        for request in found.requests[:_MOST_WITNESSES]:
            shown = self._shown(unit, request, found)
            if shown is None:
                continue
            if (shown.call_a == "allowed") != (shown.call_b == "allowed") and "unknown" not in (shown.call_a, shown.call_b):
                return shown
            best = best or shown
        return best

    def _shown(self, unit: Unit, request: Request, found: meaning.Meaning) -> Witness | None:
        theirs = self.swap.request(request)
        a = decide.decide(request, self.a.evidence, main=self.decided_a.requests[0], explain=False)
        b = decide.decide(theirs, self.own_b.evidence, main=self.decided_b.requests[0], explain=False)
        layer = next(name for name in a.layers if name == unit.layer)
        same = meaning.grouped(layer, a.layers[layer]) == meaning.grouped(layer, b.layers[layer])
        if same and (layer != "resource" or a.decision == b.decision):
            return None
        return Witness(
            request_a=scenario.write_request(request),
            request_b=scenario.write_request(theirs),
            a=a.layers[layer],
            b=b.layers[layer],
            call_a=a.decision,
            call_b=b.decision,
            found=found.found,
        )


def _unique(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    found: list[Request] = []
    for one in requests:
        if one not in found:
            found.append(one)
    return tuple(found)


def _looks(held: Any) -> list[tuple[str, Any]]:
    """Give what a person sees of the policies in a place: their names and their text."""
    return [(policy.name, policy.document.text) for policy in meaning.policies_of(held)]
