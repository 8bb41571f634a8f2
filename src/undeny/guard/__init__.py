"""Hears of it next time: alarms on denials with a backtest over the trail, and what runs in the account when events come in."""

from undeny.guard.choosing import chosen
from undeny.guard.model import Alarm, Backtest, Choice, Watch
from undeny.guard.watching import watch_for

__all__ = ["Alarm", "Backtest", "Choice", "Watch", "chosen", "watch_for"]
