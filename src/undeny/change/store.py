"""The journal, the saved explanations and the before-images, in one SQLite file that survives a crash at any moment."""

import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from undeny.change.model import Done, Meant, Record, State, Verification
from undeny.errors import UndenyError

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 and o, 1 and l and i: ids are read aloud and typed
_SCHEMA = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS explanation (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, body TEXT NOT NULL, scenario TEXT, ordinal INTEGER UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS image (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS change (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, state TEXT NOT NULL, fix TEXT NOT NULL, account TEXT NOT NULL, by TEXT NOT NULL,
    region TEXT, explanation TEXT, scenario TEXT, verification TEXT, ordinal INTEGER UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS step (
    change TEXT NOT NULL REFERENCES change (id), number INTEGER NOT NULL, phase TEXT NOT NULL, title TEXT NOT NULL, action TEXT NOT NULL,
    edit TEXT NOT NULL, standing TEXT NOT NULL, intended_at TEXT NOT NULL, result TEXT, finished_at TEXT, error TEXT,
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS meant (
    change TEXT NOT NULL REFERENCES change (id), number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (change, number));
CREATE TABLE IF NOT EXISTS aside (
    change TEXT NOT NULL REFERENCES change (id), name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (change, name));
"""
"""`meant` and `aside` came with schema 2: the steps as planned, and what else is known of a change (`export`, `analysis`)."""


def home_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Give the folder of the state: `$UNDENY_HOME`, else the user's state folder."""
    told = (os.environ if environment is None else environment).get("UNDENY_HOME")
    return Path(told) if told else Path(platformdirs.user_state_dir("undeny"))


def digest_of(text: str) -> str:
    """Give the sha256 of a document's bytes."""
    import hashlib  # noqa: PLC0415 - to save an explanation needs none

    return hashlib.sha256(text.encode()).hexdigest()


class Store:
    """Opens the store in a folder, which it makes. Clock and randomness come in; two programs may use it at once."""

    def __init__(
        self,
        home: Path | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
        below: Callable[[int], int] | None = None,
    ) -> None:
        self.home = home if home is not None else home_folder()
        self._clock = clock or (lambda: datetime.now(UTC))
        self._below = below or random.SystemRandom().randrange
        self._path = self.home / "undeny.db"
        self._prepare()

    def save_explanation(self, body: Mapping[str, Any], *, scenario: Mapping[str, Any] | None = None) -> str:
        """Save an explanation under a new short id, which is written into it, with the scenario that it can be proved from again."""
        with self._open() as db:
            identifier = self._new_id(db, "explanation", "d")
            db.execute(
                "INSERT INTO explanation VALUES (?, ?, ?, ?, (SELECT coalesce(max(ordinal), 0) + 1 FROM explanation))",
                (identifier, self._now(), _json({**body, "id": identifier}), _json(scenario) if scenario is not None else None),
            )
        return identifier

    def explanation(self, identifier: str | None = None) -> dict[str, Any]:
        """Give a saved explanation, the last one by default. Raises `UndenyError` where there is none."""
        return dict(msgspec.json.decode(self._explanation(identifier)["body"]))

    def scenario(self, identifier: str | None = None) -> dict[str, Any] | None:
        """Give the scenario saved with an explanation, the last one by default."""
        text = self._explanation(identifier)["scenario"]
        return None if text is None else dict(msgspec.json.decode(text))

    def explanations(self) -> tuple[tuple[str, datetime, dict[str, Any]], ...]:
        """Give all saved explanations, newest first: id, time, body."""
        with self._open() as db:
            rows = db.execute("SELECT id, created, body FROM explanation ORDER BY ordinal DESC").fetchall()
        return tuple((row["id"], datetime.fromisoformat(row["created"]), msgspec.json.decode(row["body"])) for row in rows)

    def begin_change(self, record: Mapping[str, Any]) -> str:
        """Open a change under a new short id; `record` has fix, account, by, region, explanation and scenario.

        `meant`, its steps as planned, is written with it: a change is on disk whole or not at all. Their before-images are kept already.
        """
        with self._open() as db:
            identifier = self._new_id(db, "change", "c")
            db.execute(
                "INSERT INTO change VALUES (?, ?, 'applying', ?, ?, ?, ?, ?, ?, NULL, (SELECT coalesce(max(ordinal), 0) + 1 FROM change))",
                (
                    identifier,
                    self._now(),
                    _json(record["fix"]),
                    record["account"],
                    record["by"],
                    record.get("region"),
                    record.get("explanation"),
                    _json(record["scenario"]) if record.get("scenario") is not None else None,
                ),
            )
            steps = [(identifier, step.number, _json(step)) for step in record.get("meant", ())]
            db.executemany("INSERT INTO meant VALUES (?, ?, ?)", steps)
        return identifier

    def put_aside(self, change: str, name: str, value: Any) -> None:
        """Keep one more thing that is known of a change: `export`, the folder, or `analysis`, what was found before it."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO aside VALUES (?, ?, ?)", (change, name, _json(value)))

    def close(self, change: str, number: int, phase: str, *, came: bool) -> None:
        """Settle the calls of a step of which nobody knew whether AWS carried them out, once AWS was asked what stands there."""
        still_open = "change = ? AND number = ? AND phase = ? AND finished_at IS NULL"
        with self._open() as db:
            if db.execute(f"SELECT 1 FROM step WHERE {still_open}", (change, number, phase)).fetchone() is None:  # noqa: S608 - ours
                return
            told = _json({"found": True}) if came else _json({})
            error = None if came else "no answer came, and AWS shows that it was not carried out"
            values = (told, error, self._now(), change, number, phase)
            db.execute(f"UPDATE step SET result = ?, error = ?, finished_at = ? WHERE {still_open}", values)  # noqa: S608 - ours

    def intend(self, change: str, step: Mapping[str, Any]) -> int:
        """Write down a call before it is made; gives the row that `finish` closes."""
        with self._open() as db:
            cursor = db.execute(
                "INSERT INTO step (change, number, phase, title, action, edit, standing, intended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    change,
                    step["number"],
                    step["phase"],
                    step["title"],
                    step["action"],
                    _json(step["edit"]),
                    _json(step["standing"]),
                    self._now(),
                ),
            )
            return int(cursor.lastrowid or 0)

    def finish(self, row: int, *, result: Mapping[str, Any] | None = None, error: str | None = None) -> None:
        """Write down what AWS answered to a call that was intended."""
        with self._open() as db:
            db.execute(
                "UPDATE step SET result = ?, error = ?, finished_at = ? WHERE ordinal = ?", (_json(result or {}), error, self._now(), row)
            )

    def set_state(self, change: str, state: State, verification: Verification | None = None) -> None:
        """Set how a change stands, with its verification where there is one."""
        with self._open() as db:
            db.execute("UPDATE change SET state = ? WHERE id = ?", (state, change))
            if verification is not None:
                db.execute("UPDATE change SET verification = ? WHERE id = ?", (_json(msgspec.to_builtins(verification)), change))

    def save_image(self, text: str) -> str:
        """Keep a document byte for byte; gives its sha256."""
        digest = digest_of(text)
        with self._open() as db:
            db.execute("INSERT OR IGNORE INTO image VALUES (?, ?)", (digest, text))
        return digest

    def image(self, digest: str) -> str:
        """Give a kept document. Raises `UndenyError` where it is not there or not what was saved."""
        with self._open() as db:
            row = db.execute("SELECT text FROM image WHERE sha256 = ?", (digest,)).fetchone()
        if row is None or digest_of(row["text"]) != digest:
            raise UndenyError(f"the before-image `{digest[:12]}` is not whole in `{self._path}`", code="before-image-lost")
        return str(row["text"])

    def change(self, identifier: str | None = None) -> Record:
        """Give a change with its journal, the last one by default. Raises `UndenyError` where there is none."""
        with self._open() as db:
            row = self._row(db, "change", identifier, "undeny apply makes one")
            steps = db.execute("SELECT * FROM step WHERE change = ? ORDER BY ordinal", (row["id"],)).fetchall()
            meant = db.execute("SELECT body FROM meant WHERE change = ? ORDER BY number", (row["id"],)).fetchall()
            aside = dict(db.execute("SELECT name, body FROM aside WHERE change = ?", (row["id"],)).fetchall())
        return _record(row, steps, meant, aside)

    def changes(self) -> tuple[Record, ...]:
        """Give all changes, newest first."""
        with self._open() as db:
            rows = db.execute("SELECT id FROM change ORDER BY ordinal DESC").fetchall()
        return tuple(self.change(row["id"]) for row in rows)

    def _explanation(self, identifier: str | None) -> sqlite3.Row:
        with self._open() as db:
            return self._row(db, "explanation", identifier, "undeny explain makes one")

    def _row(self, db: sqlite3.Connection, table: str, identifier: str | None, help_: str) -> sqlite3.Row:
        if identifier is None:
            row = db.execute(f"SELECT * FROM {table} ORDER BY ordinal DESC LIMIT 1").fetchone()  # noqa: S608 - the table's name is ours
            missing = f"no {table} is saved yet"
        else:
            row = db.execute(f"SELECT * FROM {table} WHERE id = ?", (identifier,)).fetchone()  # noqa: S608 - the table's name is ours
            missing = f"there is no {table} `{identifier}`"
        if row is None:
            raise UndenyError(missing, help=(help_,), code=f"no-such-{table}")
        return row  # type: ignore[no-any-return]  # fetchone is untyped; the row factory makes it a Row

    def _new_id(self, db: sqlite3.Connection, table: str, letter: str) -> str:
        for attempt in range(64):
            length = 4 + attempt // 16
            identifier = f"{letter}-" + "".join(_ALPHABET[self._below(len(_ALPHABET))] for _ in range(length))
            if db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (identifier,)).fetchone() is None:  # noqa: S608 - the table's name is ours
                return identifier
        raise UndenyError(f"no short id is free in `{self._path}`", code="state-full")

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat()

    def _prepare(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path.touch(mode=0o600)
        except OSError as error:
            raise UndenyError(
                f"the state folder `{self.home}` cannot be written: {error.strerror}",
                help=("set UNDENY_HOME to a folder of yours",),
                code="state-unwritable",
            ) from error
        with self._open() as db:
            found = db.execute("PRAGMA user_version").fetchone()[0]
            if found > _SCHEMA:
                raise UndenyError(
                    f"`{self._path}` was written by a newer undeny", help=("pip install --upgrade undeny",), code="state-newer"
                )
            db.execute("PRAGMA journal_mode = WAL")
            for statement in filter(str.strip, _TABLES.split(";")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_SCHEMA}")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, on the disk when this returns."""
        try:
            db = sqlite3.connect(self._path, timeout=10)
        except sqlite3.Error as error:
            raise self._unreadable(error) from error
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA synchronous = FULL")
            with db:
                yield db
        except sqlite3.DatabaseError as error:
            raise self._unreadable(error) from error
        finally:
            db.close()

    def _unreadable(self, error: sqlite3.Error) -> UndenyError:
        return UndenyError(f"`{self._path}` cannot be used: {error}", help=("move it away, or set UNDENY_HOME",), code="state-unreadable")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _record(row: sqlite3.Row, steps: list[sqlite3.Row], meant: list[sqlite3.Row], aside: Mapping[str, str]) -> Record:
    verification = row["verification"]
    done = tuple(_done(step) for step in steps)
    return Record(
        id=row["id"],
        created=datetime.fromisoformat(row["created"]),
        state=row["state"],
        fix=msgspec.json.decode(row["fix"]),
        account=row["account"],
        by=row["by"],
        region=row["region"],
        explanation=row["explanation"],
        scenario=msgspec.json.decode(row["scenario"]) if row["scenario"] is not None else None,
        steps=done,
        meant=tuple(msgspec.json.decode(one["body"], type=Meant) for one in meant) or _meant_of(done),
        export=msgspec.json.decode(aside["export"]) if "export" in aside else None,
        analysis=msgspec.json.decode(aside["analysis"]) if "analysis" in aside else None,
        verification=msgspec.json.decode(verification, type=Verification) if verification is not None else None,
    )


def _meant_of(done: tuple[Done, ...]) -> tuple[Meant, ...]:
    """Give the steps of a change that was written before steps were kept as planned: each as its first call found it."""
    first: dict[int, Done] = {}
    for one in done:
        if one.phase == "apply":
            first.setdefault(one.number, one)
    return tuple(Meant(number=n, title=one.title, edit=one.edit, standing=one.standing) for n, one in first.items())


def _done(row: sqlite3.Row) -> Done:
    return Done(
        number=row["number"],
        phase=row["phase"],
        title=row["title"],
        action=row["action"],
        edit=msgspec.json.decode(row["edit"]),
        standing=msgspec.json.decode(row["standing"]),
        intended_at=datetime.fromisoformat(row["intended_at"]),
        result=msgspec.json.decode(row["result"]) if row["result"] is not None else None,
        finished_at=datetime.fromisoformat(row["finished_at"]) if row["finished_at"] is not None else None,
        error=row["error"],
    )
