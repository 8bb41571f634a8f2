"""Evidence of two readers as one: what one could not read, the other may have."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.evidence.model import Evidence, Gap, Level, LevelSet, Policies, Resource


def join(first: Evidence, second: Evidence) -> Evidence:
    """Fill the gaps of `first` with what `second` read. What both read is `first`'s; gaps that the other filled are gone."""
    policies = Policies(
        **{name: _either(getattr(first.policies, name), getattr(second.policies, name)) for name in Policies.__struct_fields__}
    )
    resources = _resources(first.resources, second.resources)
    open_gaps = tuple(gap for gap in first.gaps if any(gap.what == other.what for other in second.gaps))
    return msgspec.structs.replace(
        first,
        policies=policies,
        resources=resources,
        gaps=open_gaps,
        source=f"{first.source} and {second.source}",
        assumed=tuple(dict.fromkeys((*first.assumed, *second.assumed))),
        recorded=tuple(dict.fromkeys((*first.recorded, *second.recorded))),
        changed_lately=tuple(sorted({*first.changed_lately, *second.changed_lately}, key=lambda change: change.time)),
    )


def _either(one: Any, other: Any) -> Any:
    if isinstance(one, Gap):
        return other
    return _levels(one, other) if _is_levels(one) and _is_levels(other) else one


def _is_levels(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(level, Level) for level in value)


def _levels(one: tuple[Level, ...], other: LevelSet) -> LevelSet:
    known = {level.target: level for level in other} if isinstance(other, tuple) else {}
    return tuple(known.get(level.target, level) if isinstance(level.policies, Gap) else level for level in one)


def _resources(one: Mapping[str, Resource], other: Mapping[str, Resource]) -> dict[str, Resource]:
    found = dict(one)
    for arn, thing in other.items():
        held = found.get(arn)
        found[arn] = thing if held is None else _thing(held, thing)
    return found


def _thing(one: Resource, other: Resource) -> Resource:
    policy = other.policy if isinstance(one.policy, Gap) else one.policy
    exists = one.exists if one.exists is not None else other.exists
    return Resource(arn=one.arn, policy=policy, settings={**other.settings, **one.settings}, exists=exists)
