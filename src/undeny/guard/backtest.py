"""What an alarm would have done: CloudWatch's evaluation over counted calls, period by period.

An alarm fires when it goes over into ALARM: each of its last `periods` periods is above the threshold. Periods without a call count 0.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from undeny.guard.counting import DAYS, Counted, mean_of, per_period
from undeny.guard.model import Alarm, Backtest

AFTER = 6 * 3600
"""Seconds after the incident's beginning within which an alarm on it has to go off."""
WEEK = 7 * 24 * 3600


def backtest(alarm: Alarm, counts: Counted, start: datetime) -> Backtest:
    """Try an alarm on the days before an incident and on the incident."""
    began = start.timestamp()
    first = max(began - DAYS * 86400, counts.first if counts.first is not None else began)
    origin = int(first // alarm.period) * alarm.period
    bins = per_period(counts.times, alarm.period, origin, began + AFTER)
    limits = band(bins, alarm, int((began - origin) // alarm.period)) if alarm.kind == "anomaly" else [alarm.threshold or 0.0] * len(bins)
    fired = [origin + (at + 1) * alarm.period for at in firings(bins, limits, alarm.periods)]
    before = tuple(datetime.fromtimestamp(one, UTC) for one in fired if one <= began)
    later = next((one for one in fired if one > began), None)
    return Backtest(
        start=start,
        before=before,
        fired=datetime.fromtimestamp(later, UTC) if later is not None else None,
        days=round((began - first) / 86400, 1),
        counted=sum(1 for moment in counts.times if first <= moment < began),
    )


def firings(bins: Sequence[float], limits: Sequence[float], periods: int) -> list[int]:
    """Give the indices at which the alarm goes over into ALARM.

    >>> firings([0, 5, 5, 0, 5], [4] * 5, 1), firings([0, 5, 5, 0, 5], [4] * 5, 2)
    ([1, 4], [2])
    """
    found, run, on = [], 0, False
    for at, (count, limit) in enumerate(zip(bins, limits, strict=True)):
        run = run + 1 if count > limit else 0
        if run >= periods and not on:
            found.append(at)
        on = run >= periods
    return found


def band(bins: Sequence[int], alarm: Alarm, known: int) -> list[float]:
    """Give the upper edge of the band for each period.

    AWS does not publish its model. This stands in for it: what is expected is the mean of the same hour of the week in the other weeks
    (of the same hour of other days of its kind, where there is no other week), the deviation is that of all periods from what was
    expected of them. Only the first `known` periods, those before the incident, are learned from.
    """
    week = WEEK // alarm.period
    day = 86400 // alarm.period
    expected = [_expected(bins, at, known, week, day) for at in range(len(bins))]
    spread = mean_of([(bins[at] - expected[at]) ** 2 / max(expected[at], 1.0) for at in range(known)])
    return [value + alarm.deviations * (spread * max(value, 1.0)) ** 0.5 for value in expected]


def _expected(bins: Sequence[int], at: int, known: int, week: int, day: int) -> float:
    same = [bins[other] for other in range(at % week, known, week) if other != at]
    if same:
        return mean_of(same)
    return mean_of([bins[other] for other in range(at % day, known, day) if other != at])
