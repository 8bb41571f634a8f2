"""What is watched, the alarm on it, and what that alarm would have done."""

from datetime import datetime
from typing import Literal

import msgspec

AlarmKind = Literal["static", "anomaly"]
Basis = Literal["periods", "peaks", "weeks", "every"]
Operator = Literal["=", "!=", "not exists"]


class Clause(msgspec.Struct, frozen=True):
    """One field of an event and what it must be: any of `values` (`*` at the ends stands for anything), none of them, or not there.

    `field` is a path from the event's root: `userIdentity.arn`.
    """

    field: str
    operator: Operator
    values: tuple[str, ...] = ()


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """The refused calls that an alarm counts: all clauses hold. `notes` say what the clauses cannot see."""

    name: str
    title: str
    clauses: tuple[Clause, ...]
    account: str | None = None
    region: str | None = None
    notes: tuple[str, ...] = ()


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """When it fires: more than `threshold` in each of `periods` periods of `period` seconds, or above a band of `deviations`.

    `basis` says of what a static threshold is mean plus standard deviations: of all periods, of each day's or each week's highest
    period, or of nothing (`every`: any denial fires). `mean` and `deviation` are of that; `None` where nothing was observed.
    """

    kind: AlarmKind
    period: int
    periods: int
    deviations: int
    basis: Basis = "periods"
    threshold: float | None = None
    mean: float | None = None
    deviation: float | None = None


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """What an alarm would have done over the trail: when it would have gone off before the incident, and in it.

    `fired` is the first time in the incident, `None` where it would have stayed silent; `days` is how far back the trail goes, 14 at most.
    """

    start: datetime
    before: tuple[datetime, ...]
    fired: datetime | None
    days: float
    counted: int

    @property
    def good(self) -> bool:
        """Whether it fires on the incident, and at most once in the days before."""
        return self.fired is not None and len(self.before) <= 1

    @property
    def delay(self) -> float:
        """Seconds from the incident's beginning until it fires."""
        return (self.fired - self.start).total_seconds() if self.fired is not None else float("inf")


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The alarm that did best, its backtest (`None` where no trail was read), and how many were tried."""

    alarm: Alarm
    backtest: Backtest | None = None
    tried: int = 1
