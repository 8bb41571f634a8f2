"""Which alarm: each candidate is tried on the trail, and the one that hears of the incident and of least else is taken."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from undeny.guard.backtest import backtest
from undeny.guard.counting import DAYS, Counted, deviation_of, mean_of, per_period
from undeny.guard.model import Alarm, Backtest, Basis, Choice

PERIODS = (300, 900, 3600)
RUNS = (1, 2, 3)
BANDS = (2, 3, 4)
SPANS: Mapping[Basis, int] = {"peaks": 86400, "weeks": 7 * 86400}
"""Seconds of which the highest period is taken: rare bursts show in the peaks, and are lost in the mean of all periods."""
EVERY = Alarm(kind="static", period=300, periods=1, deviations=0, basis="every", threshold=0.0)
"""The alarm where nothing was observed: any such denial."""


def chosen(counts: Counted | None, start: datetime | None, kind: str | None = None) -> Choice:
    """Choose an alarm for an incident that began at `start`; `kind` (`static` or `anomaly`) leaves only those of it.

    Fewest firings before the incident first, among those that hear of it; then the soonest; then a static threshold.
    """
    if counts is None or start is None:
        return Choice(alarm=EVERY if kind != "anomaly" else Alarm(kind="anomaly", period=3600, periods=1, deviations=2))
    tried = [(alarm, backtest(alarm, counts, start)) for alarm in candidates(counts, start) if kind in (None, alarm.kind)]
    best, told = min(tried, key=lambda one: _rank(*one))
    return Choice(alarm=best, backtest=told, tried=len(tried))


def _rank(alarm: Alarm, told: Backtest) -> tuple[bool, int, float, bool]:
    return (told.fired is None, len(told.before), told.delay, alarm.kind == "anomaly")


def candidates(counts: Counted, start: datetime) -> Iterator[Alarm]:
    """Give the alarms to try: mean plus standard deviations of all periods, of days' and of weeks' highest ones, and bands."""
    began = start.timestamp()
    first = max(began - DAYS * 86400, counts.first if counts.first is not None else began)
    for period in PERIODS:
        bins = per_period(counts.times, period, first, int(began // period) * period)
        yield from (_static(bins, period, runs, many, "periods") for many in (2, 1) for runs in RUNS)
        for basis, length in SPANS.items():
            peaks = [max(bins[at : at + length // period]) for at in range(0, len(bins), length // period)]
            yield from (_static(peaks, period, 1, many, basis) for many in (2, 1) if peaks)
    if began - first >= 2 * 86400:
        yield from (Alarm(kind="anomaly", period=3600, periods=runs, deviations=wide) for wide in BANDS for runs in RUNS)


def _static(values: list[int], period: int, runs: int, many: int, basis: Basis) -> Alarm:
    middle, spread = mean_of(values), deviation_of(values)
    return Alarm(
        kind="static",
        period=period,
        periods=runs,
        deviations=many,
        basis=basis,
        threshold=round(middle + many * spread, 2),
        mean=round(middle, 3),
        deviation=round(spread, 3),
    )
