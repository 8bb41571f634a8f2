"""How far back to look: `15m`, `24h`, `7d`, `2w`, or a time."""

import re
from datetime import UTC, datetime, timedelta

from undeny.errors import UndenyError

_SPAN = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str, now: datetime) -> datetime:
    """Give the time that `text` means, seen from `now`. Raises `UndenyError` for what is none.

    >>> moment("15m", datetime(2026, 11, 24, 12, tzinfo=UTC)).isoformat()
    '2026-11-24T11:45:00+00:00'
    """
    span = _SPAN.fullmatch(text.strip().lower())
    try:
        if span:
            return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
        told = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError) as error:
        raise UndenyError(
            f"`{text}` is no span of time and no time", code="usage", help=("as in 15m, 24h, 7d, or 2026-11-24T18:00:00Z",)
        ) from error
    return told if told.tzinfo else told.replace(tzinfo=UTC)
