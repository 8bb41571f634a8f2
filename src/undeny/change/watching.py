"""Watches for a denial to come back: the same caller, action, thing and cause. What was asked and seen is on disk: it outlives the program.

Where denials are read from is given: event history, or a trail; this room knows only what one was of.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from undeny import denial
from undeny.change.model import Record
from undeny.change.store import Store
from undeny.change.windows import LEAST_HOURS, WATCHED_LONGER
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.iam import wildcard
from undeny.iam.principal import Principal

LATE = timedelta(minutes=20)
"""By how much each look overlaps the last: events come up to 15 minutes late.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html
"""
PAUSE = timedelta(minutes=5)
LONGEST = timedelta(days=14)
_TABLES = """
CREATE TABLE IF NOT EXISTS watch (
    change TEXT PRIMARY KEY, begun TEXT NOT NULL, until TEXT NOT NULL, looked TEXT, looks INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, longest_gap REAL NOT NULL DEFAULT 0, mark TEXT NOT NULL, ended TEXT);
CREATE TABLE IF NOT EXISTS returned (
    change TEXT NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (change, event));
"""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """By what a denial is known again. `cause` is what its text states (`explicit, service_control`), `None` where any counts."""

    principal: str | None
    action: str
    resource: str | None = None
    cause: str | None = None


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """One refused call as a trail tells it. `cause` is what its text states, `None` where that says nothing."""

    event: str
    time: datetime
    principal: str | None
    action: str
    resource: str | None = None
    cause: str | None = None
    region: str | None = None
    request_id: str | None = None


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """How a watch stands. `returned` are all that came back, `fresh` those that were not told before."""

    change: str
    mark: Mark
    begun: datetime
    until: datetime
    looked: datetime | None
    looks: int
    failed: int
    longest_gap: float
    """Seconds between the two looks that were furthest apart; event history and trails cover them all the same."""
    over: bool
    returned: tuple[Sighting, ...] = ()
    fresh: tuple[Sighting, ...] = ()


def least(record: Record, mark: Mark) -> timedelta:
    """Give how long a change must be watched at least: half a day where names or edges bear on it."""
    actions = [mark.action, *(str(meant.edit.get("operation") or "") for meant in record.meant)]
    targets = [str(meant.edit.get("target") or "") for meant in record.meant]
    slow = any(action.partition(":")[0].lower() in WATCHED_LONGER for action in actions)
    slow = slow or any(f":{name}:" in target for name in WATCHED_LONGER for target in targets)
    return timedelta(hours=LEAST_HOURS) if slow else timedelta(0)


def mark_of(record: Record) -> Mark:
    """Give by what the denial of a change is known again. Raises `UndenyError` where the journal does not say."""
    from undeny.evidence import scenario  # noqa: PLC0415 - a watch that is gone on with reads none

    request = scenario.read(record.scenario).request if record.scenario is not None else None
    if request is None:
        raise UndenyError(f"change `{record.id}` does not say which call it is for", code="no-call", exit_status=4)
    text = (record.scenario or {}).get("text")
    seen = denial.parse(text) if text else ()
    cause = stated(seen[0]) if seen else None
    return Mark(principal=request.principal, action=request.action, resource=request.resource, cause=cause)


def stated(one: Denial) -> str | None:
    """Give what a refusal states of its cause: how it denies, and by which kind of policy; `None` where it says less.

    A cause that needs evidence (a condition that failed) reads like a missing allow in every text: texts are compared with texts.
    """
    return f"{one.kind}, {one.policy_type}" if one.kind and one.policy_type else None


class Watcher:
    """The watches in the store's own file."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = store.home / "undeny.db"
        self._clock = clock
        with self._open() as db:
            db.executescript(_TABLES)

    def begin(self, record: Record, mark: Mark, span: timedelta, since: datetime | None = None) -> Watch:
        """Begin a watch of a change, or go on with the one that is there: its end stays, unless the new one is later."""
        if not timedelta(0) < span <= LONGEST:
            raise UndenyError(f"a watch lasts at most {LONGEST.days} days", help=("as in --for 48h",), code="usage")
        begun = since or self._clock()
        until = begun + max(span, least(record, mark))
        with self._open() as db:
            db.execute(
                "INSERT INTO watch (change, begun, until, mark) VALUES (?, ?, ?, ?) ON CONFLICT (change) DO UPDATE SET "
                "until = max(until, excluded.until), ended = CASE WHEN excluded.until > until THEN NULL ELSE ended END",
                (record.id, _text(begun), _text(until), msgspec.json.encode(mark).decode()),
            )
        return self.state(record.id)

    def state(self, change: str) -> Watch:
        """Give how a watch stands. Raises `UndenyError` where there is none."""
        with self._open() as db:
            row = db.execute("SELECT * FROM watch WHERE change = ?", (change,)).fetchone()
            seen = db.execute("SELECT body, told FROM returned WHERE change = ?", (change,)).fetchall()
        if row is None:
            raise UndenyError(f"change `{change}` is not watched", help=(f"undeny verify {change} --for 48h",), code="no-such-watch")
        back = sorted((msgspec.json.decode(one["body"], type=Sighting) for one in seen), key=lambda one: one.time)
        fresh = {msgspec.json.decode(one["body"], type=Sighting).event for one in seen if not one["told"]}
        return Watch(
            change=change,
            mark=msgspec.json.decode(row["mark"], type=Mark),
            begun=datetime.fromisoformat(row["begun"]),
            until=datetime.fromisoformat(row["until"]),
            looked=datetime.fromisoformat(row["looked"]) if row["looked"] else None,
            looks=row["looks"],
            failed=row["failed"],
            longest_gap=row["longest_gap"],
            over=row["ended"] is not None,
            returned=tuple(back),
            fresh=tuple(one for one in back if one.event in fresh),
        )

    def look(self, change: str, sightings: Callable[[datetime], Iterable[Sighting]]) -> Watch:
        """Look once: ask for the denials since the last look, with some overlap, and keep those that are it.

        What came back is `fresh` in the answer until `told` says that somebody heard of it. A look that fails is counted, and the next
        one asks for the same time again.
        """
        before = self.state(change)
        now = self._clock()
        since = (before.looked or before.begun) - LATE
        try:
            found = [one for one in sightings(max(since, before.begun)) if alike(before.mark, one) and one.time <= before.until]
        except UndenyError:
            with self._open() as db:
                db.execute("UPDATE watch SET failed = failed + 1 WHERE change = ?", (change,))
            raise
        gap = (now - (before.looked or before.begun)).total_seconds()
        over = _text(now) if now >= before.until + LATE else None
        with self._open() as db:
            rows = [(change, one.event, msgspec.json.encode(one).decode()) for one in found]
            db.executemany("INSERT OR IGNORE INTO returned (change, event, body) VALUES (?, ?, ?)", rows)
            db.execute(
                "UPDATE watch SET looked = ?, looks = looks + 1, longest_gap = max(longest_gap, ?), ended = coalesce(?, ended) "
                "WHERE change = ?",
                (_text(now), gap, over, change),
            )
        return self.state(change)

    def told(self, change: str, sightings: Iterable[Sighting]) -> None:
        """Note that somebody was told of these: they are not told again."""
        with self._open() as db:
            db.executemany("UPDATE returned SET told = 1 WHERE change = ? AND event = ?", [(change, one.event) for one in sightings])

    def watches(self) -> tuple[Watch, ...]:
        """Give all watches that are not over."""
        with self._open() as db:
            rows = db.execute("SELECT change FROM watch WHERE ended IS NULL ORDER BY begun").fetchall()
        return tuple(self.state(row["change"]) for row in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
                db.row_factory = sqlite3.Row
                yield db
        except sqlite3.Error as error:
            raise UndenyError(
                f"`{self._path}` cannot be used: {error}", help=("move it away, or set UNDENY_HOME",), code="state-unreadable"
            ) from error


def alike(mark: Mark, seen: Sighting) -> bool:
    """Tell whether a refused call is the one that is watched for.

    Sessions of a role are that role; a thing that the trail does not name is any; a text that states no cause is any cause.
    """
    if seen.action.lower() != mark.action.lower():
        return False
    if mark.principal and _who(mark.principal) != _who(seen.principal or ""):
        return False
    if mark.resource and seen.resource and not (wildcard.arn_matches(mark.resource, seen.resource) or mark.resource == seen.resource):
        return False
    return mark.cause is None or seen.cause is None or seen.cause == mark.cause


def _who(text: str) -> tuple[Any, ...]:
    who = Principal.parse(text)
    if who.kind in ("role", "role_session", "user"):
        return who.account, "user" if who.kind == "user" else "role", (who.name or "").rpartition("/")[2]
    return (text,)


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()
