"""Which alarm: each candidate is tried on the trail, and the one that hears of the incident and of least else is taken."""

from collections.abc import Iterator
from datetime import datetime

from undeny.guard.backtest import backtest
from undeny.guard.counting import DAYS, Counted, deviation_of, mean_of, per_period
from undeny.guard.model import Alarm, Backtest, Choice

PERIODS = (300, 900, 3600)
RUNS = (1, 2, 3)
BANDS = (2, 3, 4)
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
    """Give the alarms to try: mean plus two standard deviations, plus one, the same of each day's highest period, a band."""
    began = start.timestamp()
    first = max(began - DAYS * 86400, counts.first if counts.first is not None else began)
    for period in PERIODS:
        bins = per_period(counts.times, period, first, int(began // period) * period)
        peaks = [max(bins[at : at + 86400 // period]) for at in range(0, len(bins), 86400 // period)]
        yield from (_static(bins, period, runs, many, "periods") for many in (2, 1) for runs in RUNS)
        yield from (_static(peaks, period, 1, many, "peaks") for many in (2, 1) if len(peaks) > 2)
    if began - first >= 2 * 86400:
        yield from (Alarm(kind="anomaly", period=3600, periods=runs, deviations=wide) for wide in BANDS for runs in RUNS)


def _static(values: list[int], period: int, runs: int, many: int, basis: str) -> Alarm:
    middle, spread = mean_of(values), deviation_of(values)
    return Alarm(
        kind="static",
        period=period,
        periods=runs,
        deviations=many,
        basis="peaks" if basis == "peaks" else "periods",
        threshold=round(middle + many * spread, 2),
        mean=round(middle, 3),
        deviation=round(spread, 3),
    )
