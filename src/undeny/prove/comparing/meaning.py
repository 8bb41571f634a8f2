"""Whether two places mean the same: equal atoms, else a request that tells them apart, else containment both ways."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from undeny import decide
from undeny.calls.model import Request
from undeny.decide.model import LayerDecision, Verdict
from undeny.evidence.model import Evidence, Gap, Level, LevelSet, Policies, Policy, Resource
from undeny.iam import document
from undeny.iam.arn import Arn
from undeny.prove.comparing import canonical, neighbours
from undeny.prove.comparing.model import MISSING, Unit

MOST = 8
"""Statements that containment is asked about at once: it answers for them within a second or so."""
_OF_RESOURCE = ("resource", "endpoint", "rcp")
Json = dict[str, Any]
_GRANTS = ("identity", "resource")
"""Layers in which a missing allow and a deny differ: another layer may allow what the first only does not."""


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """`same`: proved, or `None` where it is not; `requests` tell the two apart, best first, in the names of A."""

    same: bool | None
    requests: tuple[Request, ...] = ()
    found: Literal["call", "search", "containment"] = "call"


def policies_of(value: Any) -> tuple[Policy, ...]:
    """Give the policies that stand in a place."""
    if isinstance(value, Level):
        value = value.policies
    if isinstance(value, Policy):
        return (value,)
    return value if isinstance(value, tuple) else ()


def unread(value: Any) -> Gap | None:
    """Give the gap in a place, if there is one."""
    held = value.policies if isinstance(value, Level) else value
    return held if isinstance(held, Gap) else None


def meaning(unit: Unit, base: tuple[Request, ...], things: Mapping[str, Resource]) -> Meaning:
    """Compare what stands in a place, for requests like `base` first."""
    a, b = (policies_of(value) for value in (unit.a, unit.b))
    alike = _there(unit, unit.a) == _there(unit, unit.b)
    if alike and canonical.atoms(a) == canonical.atoms(b):
        return Meaning(same=True)
    if not alike and unit.layer != "boundary" and all(canonical.lets_all(canonical.atoms(one)) for one in (a, b) if one):
        return Meaning(same=True)
    if differing := tuple(one for one in base if _apart(unit, one, things)):
        return Meaning(same=False, requests=differing)
    found = tuple(one for one in neighbours.requests(base[0], a, b) if _apart(unit, one, things))
    if found:
        return Meaning(same=False, requests=found, found="search")
    return _contained(unit, base[0], a, b, things)


def levels_alike(a: LevelSet, b: LevelSet) -> bool:
    """Whether two rows of levels say the same as wholes: all their denies, and each level's allows, wherever in the row they stand."""
    if isinstance(a, Gap) or isinstance(b, Gap) or any(isinstance(level.policies, Gap) for level in (*a, *b)):
        return False
    mine, theirs = ([canonical.atoms(policies_of(level)) for level in levels] for levels in (a, b))
    return _denies(mine) == _denies(theirs) and _allows(mine) == _allows(theirs)


def _denies(levels: list[frozenset[canonical.Atom]]) -> frozenset[canonical.Atom]:
    return frozenset(atom for level in levels for atom in level if atom[0] != "Allow")


def _allows(levels: list[frozenset[canonical.Atom]]) -> set[frozenset[canonical.Atom]]:
    allows = (frozenset(atom for atom in level if atom[0] == "Allow") for level in levels)
    return {one for one in allows if not canonical.lets_all(one)}


def _there(unit: Unit, value: Any) -> bool:
    """Whether a place speaks at all: no boundary lets everything through, an empty one nothing."""
    return unit.layer in _GRANTS or (value is not None and value is not MISSING)


def _apart(unit: Unit, request: Request, things: Mapping[str, Resource]) -> bool:
    a, b = (_state(unit, value, request, things) for value in (unit.a, unit.b))
    return a is not None and b is not None and a != b


def _state(unit: Unit, value: Any, request: Request, things: Mapping[str, Resource]) -> str | None:
    """Decide one place alone: `None` where that is not known.

    Of a thing's own policy it counts too whether its allow is enough by itself, without an identity policy's.
    """
    verdict = _decided(unit.layer, value, request, things)
    state = grouped(unit.layer, verdict.layers[unit.layer])  # type: ignore[index] # only layers of policies are asked about
    return state if state is None or unit.layer != "resource" else f"{state}, {verdict.decision}"


def grouped(layer: str, decision: LayerDecision) -> str | None:
    """Fold a layer's decision to what counts of it: whether it lets through; where others may allow, also whether it denies."""
    if decision == "unknown":
        return None
    if layer in _GRANTS:
        return "implicitly_denied" if decision == "not_applicable" else decision
    return "allowed" if decision in ("allowed", "not_applicable") else "denied"


def _decided(layer: str, value: Any, request: Request, things: Mapping[str, Resource]) -> Verdict:
    """Decide a request by one place, all other layers left empty."""
    held: dict[str, Any] = {"identity": (), "boundary": None, "session": None, "endpoint": None, "resource": None, "scp": (), "rcp": ()}
    if layer in ("scp", "rcp"):
        held[layer] = () if value is MISSING else (value,)
    elif value is not MISSING:
        held[layer] = () if layer == "identity" and value is None else value
    return decide.decide(request, Evidence(policies=Policies(**held), resources=things if layer == "resource" else {}), explain=False)


def _contained(unit: Unit, base: Request, a: tuple[Policy, ...], b: tuple[Policy, ...], things: Mapping[str, Resource]) -> Meaning:
    """Ask containment whether what one side alone says lies in all that the other says; allows and denies apart."""
    if _there(unit, unit.a) != _there(unit, unit.b) or not _one_version(a + b):
        return Meaning(same=None)
    kind: Literal["identity", "resource"] = "resource" if unit.layer in _OF_RESOURCE else "identity"
    proved = True
    for old, new in _questions(unit.layer, a, b):
        if len(old) + len(new) > MOST:
            return Meaning(same=None)
        holds, shown = _asked(old, new, kind)
        proved = proved and holds
        found = tuple(r for w in shown for r in _requests(w, base) if _apart(unit, r, things))
        if found:
            return Meaning(same=False, requests=found, found="containment")
    return Meaning(same=True if proved else None)


def _questions(layer: str, a: tuple[Policy, ...], b: tuple[Policy, ...]) -> Iterator[tuple[list[Json], list[Json]]]:
    """Give pairs of which the second may say nothing beyond the first; a thing's own policy principal by principal.

    How such a policy names the caller decides what its allow is worth, so one principal's statements never stand for another's.
    """
    for mine, theirs in ((a, b), (b, a)):
        for effect in ("Allow", "Deny"):
            new = _as_allows(_rest(theirs, mine), effect)
            old = _as_allows([s.raw for policy in mine for s in policy.document.statements], effect)
            if layer != "resource":
                yield old, new
                continue
            whole, rest = _by_principal(old), _by_principal(new)
            for name, statements in rest.items():
                yield whole.get(name, []), statements


def _by_principal(statements: Iterable[Json]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for statement in statements:
        held = statement.get("Principal")
        entries = [(kind, value) for kind, values in held.items() for value in _listed(values)] if isinstance(held, Mapping) else []
        if not entries:
            found.setdefault(str(held), []).append(statement)
        for kind, value in entries:
            found.setdefault(f"{kind} {value}", []).append({**statement, "Principal": {kind: value}})
    return found


def _listed(values: Any) -> list[Any]:
    return list(values) if isinstance(values, list | tuple) else [values]


def _asked(old: list[Json], new: list[Json], kind: Literal["identity", "resource"]) -> tuple[bool, list[Any]]:
    if not new:
        return True, []
    from undeny.prove import containment  # noqa: PLC0415 - only where atoms and neighbours do not settle it

    before, after = ({"Version": document.VERSIONS[0], "Statement": statements} for statements in (old, new))
    result = containment.no_new_access(before, after, type=kind)
    return result.holds is True, [result.witness] if result.witness is not None else []


def _requests(witness: Any, base: Request) -> Iterator[Request]:
    arn = Arn.parse(witness.resource)
    account = arn.account if arn and arn.account.isdigit() else base.resource_account
    made = {"action": witness.action, "resource": witness.resource, "resource_account": account}
    yield msgspec.structs.replace(base, **made, context=dict(witness.context), unknown_keys=(), parameters={})
    yield msgspec.structs.replace(base, **made, context={**base.context, **witness.context}, unknown_keys=(), parameters={})
    who = {"principal": witness.principal} if witness.principal else {}
    yield msgspec.structs.replace(base, **made, **who, context=dict(witness.context), unknown_keys=(), parameters={})


def _rest(mine: Iterable[Policy], theirs: Iterable[Policy]) -> list[Mapping[str, Any]]:
    """Give the statements that say something which the other side does not say so."""
    known = canonical.atoms(theirs)
    return [
        statement.raw
        for policy in mine
        for statement in policy.document.statements
        if not known.issuperset(canonical.of(statement, variables=policy.document.variables))
    ]


def _as_allows(statements: Iterable[Mapping[str, Any]], effect: str) -> list[Json]:
    return [{**statement, "Effect": "Allow"} for statement in statements if statement.get("Effect") == effect]


def _one_version(policies: tuple[Policy, ...]) -> bool:
    """Whether the statements of all may stand in one document: where variables are used, all must substitute them."""
    return all(policy.document.variables or "${" not in policy.document.text for policy in policies)
