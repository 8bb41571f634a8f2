"""How many refused calls of a kind there were when: counted from trail files with the very pattern that the alarm will use."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from undeny.guard import event_pattern, pattern
from undeny.guard.model import Watch
from undeny.trail.model import Seen

DAYS = 14
"""How far back an alarm is tried, and as far as CloudWatch trains a band:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html"""
QUARTER = 900
LONGEST = 96
"""Quarters of an hour that an incident may have gone on before the denial that was explained."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """The times of the calls that count, sorted, and since when the trail was read (`first`); `seen` denials of any kind were in it."""

    times: tuple[float, ...]
    first: float | None = None
    seen: int = 0


def counted(watch: Watch, seen: Iterable[Seen], *, as_events: bool = False) -> Counted:
    """Count what a metric filter would match, or with `as_events` what an EventBridge rule would."""
    fits = _as_event(watch) if as_events else pattern.read(pattern.write(watch))
    times, first, many = [], None, 0
    for one in seen:
        if one.time is None or one.raw is None:
            continue
        many += 1
        moment = one.time.timestamp()
        first = moment if first is None else min(first, moment)
        if fits(msgspec.json.decode(one.raw)):
            times.append(moment)
    return Counted(times=tuple(sorted(times)), first=first, seen=many)


def _as_event(watch: Watch) -> Callable[[Mapping[str, Any]], bool]:
    wanted = event_pattern.write(watch)
    return lambda event: event_pattern.matches(wanted, {"detail-type": event_pattern.KINDS[0], "detail": event})


def per_period(times: Sequence[float], period: int, start: float, end: float) -> list[int]:
    """Give the counts of the periods from the one that holds `start` to the one before `end`; CloudWatch's periods begin at whole ones."""
    low = int(start // period)
    bins = [0] * max(0, int(-(-end // period)) - low)
    for moment in times:
        at = int(moment // period) - low
        if 0 <= at < len(bins):
            bins[at] += 1
    return bins


def incident_start(counts: Counted, told: datetime | None) -> datetime | None:
    """Give when the incident began: the told denial, and what of its burst came before it. `None` where nothing counts.

    Where nobody told a time it is the busiest quarter of an hour, the latest of several. The walk back
    stops at the first quarter of an hour that is no busier than what is usual.
    """
    if not counts.times:
        return told
    at = _nearest(counts.times, told.timestamp()) if told is not None else _busiest(counts.times)
    if at is None:
        return told
    bins = per_period(counts.times, QUARTER, at - DAYS * 86400, at + 1)
    usual = max(0.0, 3 * sorted(bins)[len(bins) // 2], mean_of(bins) + 2 * deviation_of(bins))
    back = len(bins) - 1
    while back > max(0, len(bins) - LONGEST) and bins[back - 1] > usual:
        back -= 1
    begin = (int((at - DAYS * 86400) // QUARTER) + back) * QUARTER
    earliest = next((moment for moment in counts.times if begin <= moment <= at), at)
    return datetime.fromtimestamp(earliest, UTC)


def _busiest(times: Sequence[float]) -> float:
    many = Counter(int(moment // QUARTER) for moment in times)
    quarter = max(many, key=lambda one: (many[one], one))
    return next(moment for moment in times if int(moment // QUARTER) == quarter)


def holds(counts: Counted, told: datetime) -> bool:
    """Whether a counted call is within an hour of that time."""
    return bool(counts.times) and _nearest(counts.times, told.timestamp()) is not None


def _nearest(times: Sequence[float], told: float) -> float | None:
    """Give the counted call nearest to a time, within an hour: clocks and texts round."""
    best = min(times, key=lambda moment: abs(moment - told))
    return best if abs(best - told) <= timedelta(hours=1).total_seconds() else None


def mean_of(values: Sequence[float]) -> float:
    """Give the mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def deviation_of(values: Sequence[float]) -> float:
    """Give the standard deviation of a sample, 0 of fewer than two."""
    if len(values) < 2:
        return 0.0
    middle = mean_of(values)
    return float((sum((value - middle) ** 2 for value in values) / (len(values) - 1)) ** 0.5)
