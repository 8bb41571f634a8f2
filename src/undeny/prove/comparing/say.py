"""The comparison in words."""

from typing import Any

from undeny.decide.model import StatementResult, Verdict
from undeny.evidence.model import Gap, Level, Policy, Resource
from undeny.iam.arn import Arn
from undeny.prove.comparing.deciding import Decided
from undeny.prove.comparing.model import MISSING, Unit
from undeny.prove.comparing.naming import Swap
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

_OWN = {"iam": "trust policy", "kms": "key policy", "s3": "bucket policy", "sqs": "queue policy", "sns": "topic policy"}


def place(unit: Unit, where: str | None = None) -> str:
    """Name a place, its level or thing with it."""
    where = where or unit.place_a or unit.place_b
    if unit.layer in _LAYERS:
        if unit.layer == "resource" and where:
            return f"the {_noun(where)} of {where}"
        if unit.layer == "scope_down" and where:
            return f"the scope-down policy {where}"
        return f"the {_LAYERS[unit.layer]} at {where}" if where else f"the {_LAYERS[unit.layer]}"
    if unit.layer == "setting":
        return f"the settings of {where}"
    return f"the condition key {unit.key}" if unit.layer == "context" else f"the call's {str(unit.key).replace('_', ' ')}"


def _noun(thing: str) -> str:
    """Call a thing's own policy as people do."""
    arn = Arn.parse(thing)
    return _OWN.get(arn.service_prefix, "resource policy") if arn is not None else "resource policy"


def summary(a: Decided, b: Decided, fails: Choice | None, decides: tuple[Unit, ...], swap: Swap) -> str:
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
        return f"allowed in {works}, denied in {other} by {_blockers(failing)}; no difference that was found accounts for it"
    if len(decides) == 1:
        return _one(decides[0], failing, fails, swap)
    named = ", ".join(dict.fromkeys(place(unit, _where(unit, fails, swap)) for unit in decides))
    return f"allowed in {works}, denied in {other}; these decide together: {named}"


def _where(unit: Unit, fails: Choice, swap: Swap) -> str | None:
    """Name a place as the side that fails does."""
    if fails == "b" and unit.place_b is not None:
        return swap.text(unit.place_b)
    return unit.place_a or unit.place_b


def _one(unit: Unit, failing: Decided, fails: Choice, swap: Swap) -> str:
    works, other = ("A", "B") if fails == "b" else ("B", "A")
    action = failing.verdict.action or failing.outcome.action
    where = place(unit, _where(unit, fails, swap))
    if unit.layer not in _LAYERS:
        return f"{action} is allowed in {works} and denied in {other}; what decides is {where}"
    several = where.partition(" at ")[0].endswith("policies")
    they, do, denies = ("they", "do", "deny") if several else ("it", "does", "denies")
    here, there = (unit.b, unit.a) if fails == "b" else (unit.a, unit.b)
    explicit = failing.verdict.layers[unit.layer] == "explicitly_denied"  # type: ignore[index] # a layer of policies, as asked above
    verb = f"{denies} {action}" if explicit else f"{do} not allow {action}"
    if there is MISSING or there is None or here is MISSING:
        return f"{where} {verb} in {other}; {works} has nothing there"
    return f"{where} {verb} in {other}; in {works} {they} {do}{' not' if explicit else ''}"


def _blockers(side: Decided) -> str:
    return ", ".join(side.verdict.blocked_by) or "an explicit deny"


def _otherwise(a: Decided, b: Decided) -> str:
    return "" if a.verdict.blocked_by == b.verdict.blocked_by else f" in A and {_blockers(b)} in B"


def statements(unit: Unit, verdict: Verdict, targets: tuple[str, ...]) -> tuple[StatementResult, ...]:
    """Give the statement of a place that decides, else the one that comes nearest; none where there is none."""
    mine = [one for one in verdict.statements if one.layer == unit.layer]
    if unit.layer in ("scp", "rcp"):
        mine = [one for one in mine if one.target in targets]
    if unit.layer == "scope_down" and targets:
        mine = [one for one in mine if one.policy in targets]
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
    """Give the target of a level, the name of a policy that stands alone, `None` for what is neither."""
    if isinstance(held, tuple) and len(held) == 1 and isinstance(held[0], Policy):
        return held[0].name
    return held.target if isinstance(held, Level) else None
