"""The order of proven fixes: least privilege gained, fewest owners, what can be taken back, short before long."""

from collections.abc import Iterable

from undeny.fix.model import CallEdit, Fix, PolicyEdit, SettingEdit
from undeny.fix.propose import gained
from undeny.prove.model import ProvenFix

_APPLICABILITY = ("machine_applicable", "maybe_incorrect", "has_placeholders")


def rank(proven: Iterable[ProvenFix]) -> tuple[ProvenFix, ...]:
    """Order proven fixes, best first. A change to the call that satisfies a guard comes before one that loosens it."""
    return tuple(sorted(proven, key=_key))


def _key(one: ProvenFix) -> tuple[int, int, int, int, int, int]:
    fix = one.fix
    undecided = sum(p.holds is not True for p in one.proofs if p.obligation in ("suffices", "needed", "nothing_else"))
    guard = any(p.obligation == "no_guard_weakened" and p.holds is False for p in one.proofs)
    return (
        gained(fix) + (100 if guard else 0),
        _APPLICABILITY.index(fix.applicability),
        undecided,
        owners(fix),
        sum(isinstance(c, SettingEdit) for c in fix.changes),
        sum(_length(c) for c in fix.changes),
    )


def owners(fix: Fix) -> int:
    """Count whose things a fix changes: the caller's account, and each other owner."""
    own = any(isinstance(c, PolicyEdit | SettingEdit) for c in fix.changes) and (fix.owner is None or len(fix.changes) > 1)
    return int(own) + (1 if fix.owner else 0)


def _length(change: PolicyEdit | CallEdit | SettingEdit) -> int:
    if isinstance(change, PolicyEdit):
        return abs(len(str(change.after)) - len(str(change.before or "")))
    return len(str(change))
