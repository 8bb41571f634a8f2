"""How long to wait before a command is tried again: growing pauses with jitter, until the time is up.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from collections.abc import Callable, Iterator

from undeny.pipeline import Explanation

HEALS = ("propagation", "throttled", "service-fault", "service-event")
"""Causes that pass by themselves: waiting is all that they want."""
FIRST, MOST = 2.0, 20.0
"""Seconds of the first pause, and of the longest."""
SURE = ("proven", "stated")


def can_heal(shown: Explanation) -> bool:
    """Tell whether a denial can heal by itself: its cause does, or nothing says what its cause is and one that does is as likely."""
    if shown.cause.code in HEALS:
        return True
    return shown.cause.certainty not in SURE and any(cause.code in HEALS for cause in shown.other_causes)


def pauses(seconds: float, clock: Callable[[], float], chance: Callable[[], float]) -> Iterator[float]:
    """Give each pause in seconds until `seconds` are over by `clock`; `chance` gives a number from 0 to 1.

    Each is between half of its length and the whole, and twice as long as the one before; the last one ends when the time does.
    """
    until, length = clock() + seconds, FIRST
    while (left := until - clock()) > 0:
        yield min(left, length * (0.5 + chance() / 2))
        length = min(MOST, 2 * length)
