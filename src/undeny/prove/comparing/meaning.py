"""Whether two places mean the same: equal atoms, else a request that tells them apart, else containment both ways."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from undeny import decide
from undeny.calls.model import Request
from undeny.decide.model import LayerDecision
from undeny.evidence.model import Evidence, Gap, Level, Policies, Policy, Resource
from undeny.iam import document
from undeny.iam.arn import Arn
from undeny.prove.comparing import canonical, neighbours
from undeny.prove.comparing.model import MISSING, Unit

MOST = 8
"""Statements that containment is asked about at once: it answers for them within a second or so."""
_OF_RESOURCE = ("resource", "endpoint", "rcp")
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
    if canonical.atoms(a) == canonical.atoms(b) and _there(unit, unit.a) == _there(unit, unit.b):
        return Meaning(same=True)
    if differing := tuple(one for one in base if _apart(unit, one, things)):
        return Meaning(same=False, requests=differing)
    found = tuple(one for one in neighbours.requests(base[0], a, b) if _apart(unit, one, things))
    if found:
        return Meaning(same=False, requests=found, found="search")
    return _contained(unit, base[0], a, b, things)


def _there(unit: Unit, value: Any) -> bool:
    """Whether a place speaks at all: no boundary lets everything through, an empty one nothing."""
    return unit.layer in _GRANTS or (value is not None and value is not MISSING)


def _apart(unit: Unit, request: Request, things: Mapping[str, Resource]) -> bool:
    a, b = (_state(unit, value, request, things) for value in (unit.a, unit.b))
    return a is not None and b is not None and a != b


def _state(unit: Unit, value: Any, request: Request, things: Mapping[str, Resource]) -> str | None:
    """Decide one place alone: `None` where that is not known."""
    return grouped(unit.layer, alone(unit.layer, value, request, things))


def grouped(layer: str, decision: LayerDecision) -> str | None:
    """Fold a layer's decision to what counts of it: whether it lets through; where others may allow, also whether it denies."""
    if decision == "unknown":
        return None
    if layer in _GRANTS:
        return "implicitly_denied" if decision == "not_applicable" else decision
    return "allowed" if decision in ("allowed", "not_applicable") else "denied"


def alone(layer: str, value: Any, request: Request, things: Mapping[str, Resource]) -> LayerDecision:
    """Give what one place says of a request, all other layers left empty."""
    held: dict[str, Any] = {"identity": (), "boundary": None, "session": None, "endpoint": None, "resource": None, "scp": (), "rcp": ()}
    if layer in ("scp", "rcp"):
        held[layer] = () if value is MISSING else (value,)
    elif value is not MISSING:
        held[layer] = () if layer == "identity" and value is None else value
    verdict = decide.decide(request, Evidence(policies=Policies(**held), resources=things if layer == "resource" else {}), explain=False)
    return next(decision for name, decision in verdict.layers.items() if name == layer)


def _contained(unit: Unit, base: Request, a: tuple[Policy, ...], b: tuple[Policy, ...], things: Mapping[str, Resource]) -> Meaning:
    """Ask containment about what is not common to both, allows and denies apart: equal parts make equal wholes."""
    mine, theirs = _rest(a, b), _rest(b, a)
    if _there(unit, unit.a) != _there(unit, unit.b) or len(mine) + len(theirs) > MOST or not _one_version(a + b):
        return Meaning(same=None)
    kind: Literal["identity", "resource"] = "resource" if unit.layer in _OF_RESOURCE else "identity"
    proved = True
    for effect in ("Allow", "Deny"):
        one, other = (_as_allows(statements, effect) for statements in (mine, theirs))
        for old, new in ((one, other), (other, one)):
            holds, shown = _asked(old, new, kind)
            proved = proved and holds
            found = tuple(r for w in shown for r in _requests(w, base) if _apart(unit, r, things))
            if found:
                return Meaning(same=False, requests=found, found="containment")
    return Meaning(same=True if proved else None)


def _asked(old: list[dict[str, Any]], new: list[dict[str, Any]], kind: Literal["identity", "resource"]) -> tuple[bool, list[Any]]:
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


def _as_allows(statements: Iterable[Mapping[str, Any]], effect: str) -> list[dict[str, Any]]:
    return [{**statement, "Effect": "Allow"} for statement in statements if statement.get("Effect") == effect]


def _one_version(policies: tuple[Policy, ...]) -> bool:
    """Whether the statements of all may stand in one document: where variables are used, all must substitute them."""
    return all(policy.document.variables or "${" not in policy.document.text for policy in policies)
