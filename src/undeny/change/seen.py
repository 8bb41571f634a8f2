"""Requests that `find` saw, kept with their times: AWS Support and event history find a request for 90 days, and then nobody does."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from undeny.change.store import Store
from undeny.errors import UndenyError

Result = TypeVar("Result")
KEPT = timedelta(days=90)
"""How long AWS keeps an event: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html"""
_TABLE = """
CREATE TABLE IF NOT EXISTS seen (
    request_id TEXT NOT NULL, event_id TEXT NOT NULL, time TEXT NOT NULL, expires TEXT NOT NULL,
    region TEXT, who TEXT, what TEXT, cause TEXT,
    PRIMARY KEY (request_id, event_id))
"""


class SeenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A refused request with what a support case needs; `expires` is the day after which AWS no longer finds it."""

    request_id: str | None
    event_id: str | None
    time: datetime
    region: str | None = None
    who: str | None = None
    what: str | None = None
    cause: str | None = None

    @property
    def expires(self) -> datetime:
        """When AWS forgets it."""
        return self.time + KEPT

    def days_left(self, now: datetime) -> int:
        """Give the whole days until then, 0 where they are over."""
        return max(0, (self.expires - now).days)


class SeenRequests:
    """The table of seen requests in the store's own file."""

    def __init__(self, home: Path | None = None) -> None:
        self._path = Store(home).home / "undeny.db"
        self._run(lambda db: db.execute(_TABLE))

    def add(self, requests: Iterable[SeenRequest]) -> int:
        """Keep requests; one that is there already stays. Gives how many are new."""
        rows = [
            (r.request_id or "", r.event_id or "", _text(r.time), _text(r.expires), r.region, r.who, r.what, r.cause)
            for r in requests
            if r.request_id or r.event_id
        ]

        def write(db: sqlite3.Connection) -> int:
            before = db.total_changes
            db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            return db.total_changes - before

        return self._run(write)

    def all(self, now: datetime | None = None) -> tuple[SeenRequest, ...]:
        """Give the requests that AWS can still find (all, where no time is given), newest first."""
        after = _text(now) if now else ""
        query = "SELECT request_id, event_id, time, region, who, what, cause FROM seen WHERE expires >= ? ORDER BY time DESC"
        rows = self._run(lambda db: db.execute(query, (after,)).fetchall())
        return tuple(_request(*row) for row in rows)

    def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do one piece of work in one transaction. Raises `UndenyError` where the file cannot be used."""
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
                return work(db)
        except sqlite3.Error as error:
            raise UndenyError(
                f"`{self._path}` cannot be used: {error}", help=("move it away, or set UNDENY_HOME",), code="state-unreadable"
            ) from error


def _request(request: str, event: str, time: str, *told: str | None) -> SeenRequest:
    region, who, what, cause = told
    return SeenRequest(
        request_id=request or None,
        event_id=event or None,
        time=datetime.fromisoformat(time),
        region=region,
        who=who,
        what=what,
        cause=cause,
    )


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()
