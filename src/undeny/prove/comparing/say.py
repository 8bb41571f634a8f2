"""The comparison in words."""

from typing import Any

from undeny.decide.model import StatementResult, Verdict
from undeny.evidence.model import Gap, Level, Resource
from undeny.prove.comparing.deciding import Decided
from undeny.prove.comparing.model import MISSING, Unit
from undeny.prove.comparing.units import Choice

_LAYERS = {
    "identity": "identity policies",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scope_down": "scope-down policies",
    "endpoint": "VPC endpoint policy",
    "resource": "resource policy",
    "scp": "service control policies",
    "rcp": "resource control policies",
}


def place(unit: Unit) -> str:
    """Name a place, its level or thing with it."""
    where = unit.place_a or unit.place_b
    if unit.layer in _LAYERS:
        noun = _LAYERS[unit.layer]
        return f"{noun} of {where}" if unit.layer == "resource" and where else f"{noun} at {where}" if where else noun
    if unit.layer == "setting":
        return f"settings of {where}"
    return f"condition key {unit.key}" if unit.layer == "context" else f"the call's {str(unit.key).replace('_', ' ')}"


def summary(a: Decided, b: Decided, fails: Choice | None, decides: tuple[Unit, ...]) -> str:
    """Say in one line what the comparison came to."""
    if "unknown" in (a.decision, b.decision):
        which = [name for name, one in (("A", a), ("B", b)) if one.decision == "unknown"]
        known = [f", {one.decision.replace('_', ' ')} in {name}" for name, one in (("A", a), ("B", b)) if one.decision != "unknown"]
        return f"not known in {' and '.join(which)}{''.join(known)}"
    if fails is None:
        return "allowed in both" if a.decision == "allowed" else f"denied in both, by {_blockers(a)}" + _otherwise(a, b)
    works, other = ("A", "B") if fails == "b" else ("B", "A")
    failing = b if fails == "b" else a
    if not decides:
        return f"allowed in {works}, denied in {other} by {_blockers(failing)}; no single difference accounts for it"
    named = list(dict.fromkeys(place(unit) for unit in decides))
    return f"allowed in {works}, {failing.decision.replace('_', ' ')} in {other}: {_verb(decides)} {', and '.join(named)}"


def _verb(decides: tuple[Unit, ...]) -> str:
    return "what decides is" if len(decides) == 1 else "what decides together is"


def _blockers(side: Decided) -> str:
    return ", ".join(side.verdict.blocked_by) or "an explicit deny"


def _otherwise(a: Decided, b: Decided) -> str:
    return "" if a.verdict.blocked_by == b.verdict.blocked_by else f" in A and {_blockers(b)} in B"


def statements(unit: Unit, verdict: Verdict, targets: tuple[str, ...]) -> tuple[StatementResult, ...]:
    """Give the statement of a place that decides, else the one that comes nearest; none where there is none."""
    mine = [one for one in verdict.statements if one.layer == unit.layer]
    if unit.layer in ("scp", "rcp"):
        mine = [one for one in mine if one.target in targets]
    applying = sorted((one for one in mine if one.applies), key=lambda one: one.effect != "Deny")
    return tuple(applying[:1] or [one for one in mine if one.miss is not None][:1])


def value(held: Any) -> Any:
    """Give what stands in the place of a value: `None` where it is absent."""
    if held is MISSING:
        return None
    if isinstance(held, tuple) and len(held) == 2 and isinstance(held[0], str):
        held = held[1]
    if isinstance(held, Gap):
        return "unknown"
    if hasattr(held, "isoformat"):
        return held.isoformat()
    return list(held) if isinstance(held, tuple) else held


def settings(unit: Unit) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the settings that differ, on each side."""
    mine, theirs = (_facts(held) for held in (unit.a, unit.b))
    names = [name for name in dict.fromkeys((*mine, *theirs)) if mine.get(name) != theirs.get(name)]
    return {name: mine.get(name) for name in names}, {name: theirs.get(name) for name in names}


def _facts(held: Any) -> dict[str, Any]:
    if not isinstance(held, Resource):
        return {} if held is MISSING else {"value": held}
    return dict(held.settings) | ({} if held.exists is None else {"exists": held.exists})


def target(held: Any) -> str | None:
    """Give the target of a level, `None` for what is no level."""
    return held.target if isinstance(held, Level) else None
