"""The configuration of everything touched, as JSON in a folder, before it is written to and after; and kept in a git repository.

The journal alone would do to roll back; the folder is for people and for a program that never heard of undeny.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from undeny.aws import session as sessions
from undeny.aws import write
from undeny.aws.targets import Standing
from undeny.change.documents import data_of
from undeny.change.model import Meant, Record
from undeny.change.store import Store, digest_of
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, PolicyEdit, SettingEdit

if TYPE_CHECKING:
    from undeny.change.carrying import Way

SCHEMA = 1
GIT_SECONDS = 60


def before(record: Record, store: Store, way: "Way") -> None:
    """Write what stood there when the change was planned. Nothing is written to AWS before this is on the disk."""
    _export(record, store, way, "before", lambda meant: _planned(meant, store))


def after(record: Record, session: sessions.Session, store: Store, way: "Way") -> None:
    """Write what stands there once the change is carried out."""
    _export(record, store, way, "after", lambda meant: _now(meant, session, way))


def before_undo(record: Record, session: sessions.Session, store: Store, way: "Way") -> None:
    """Write what stands there before it is rolled back: a forced one overwrites what somebody else wrote."""
    _export(record, store, way, "before-rollback", lambda meant: _now(meant, session, way))


def check_repository(folder: Path) -> None:
    """Raise `UndenyError` unless the folder is the work tree of a git repository."""
    if not folder.is_dir() or _git(folder, "rev-parse", "--is-inside-work-tree").returncode != 0:
        raise UndenyError(f"`{folder}` is no git repository", help=(f"git init {folder}",), code="no-repository")


def _export(record: Record, store: Store, way: "Way", name: str, standing: Callable[[Meant], Standing | None]) -> None:
    folder = way.export if way.export is not None else Path(record.export) if record.export else None
    if folder is None and way.git is None:
        return
    clock = way.clock or (lambda: datetime.now(UTC))
    files = dict(_files(record, standing, clock()))
    if folder is not None:
        _write(folder / record.id / name, files)
        if record.export is None:
            store.put_aside(record.id, "export", str(folder))
    if way.git is not None:
        below = Path("undeny") / record.id / name
        _write(way.git / below, files)
        _commit(way.git, below, f"Keep what stood {_WHEN[name]} {record.id} in {record.account}")


_WHEN = {"before": "before change", "after": "after change", "before-rollback": "before the rollback of"}


def _files(record: Record, standing: Callable[[Meant], Standing | None], now: datetime) -> Iterator[tuple[str, bytes]]:
    steps = [meant for meant in record.meant if meant.standing is not None]
    for meant in steps:
        held = standing(meant)
        if held is not None:
            told = _told(record, meant, held) | {"read_at": now.isoformat()}
            yield f"{meant.number:02d}-{_slug(held.place.title)}.json", _json(told)
    fix = record.fix.get("fix", {})
    yield "change.json", _json({"undeny_export": SCHEMA, "change": record.id, "account": record.account, "region": record.region,
                                "by": record.by, "fix": fix.get("title"), "steps": [meant.title for meant in steps]})  # fmt: skip


def _told(record: Record, meant: Meant, held: Standing) -> dict[str, Any]:
    """Give one thing: the text byte for byte, read as JSON beside it, and all by which it can be put back without undeny."""
    return {
        "undeny_export": SCHEMA,
        "title": held.place.title,
        "kind": held.place.kind,
        "account": record.account,
        "region": held.place.region,
        "target": meant.edit.get("target"),
        "names": dict(held.place.names),
        "version": held.version,
        "versions": held.versions,
        "attached_to": held.shared,
        "text": held.text,
        "sha256": digest_of(held.text) if held.text is not None else None,
        "document": data_of(held.text),
    }


def _planned(meant: Meant, store: Store) -> Standing | None:
    told = dict(meant.standing or {})
    if told.get("text") is not None:
        told["text"] = store.image(told["text"])
    return msgspec.convert(told, Standing)


def _now(meant: Meant, session: sessions.Session, way: "Way") -> Standing | None:
    edit = msgspec.convert(meant.edit, PolicyEdit | CallEdit | SettingEdit)
    try:
        return write.current(session, edit, clock=way.clock)
    except UndenyError:
        return None  # what cannot be read cannot be kept; the text before is


def _slug(title: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", title).strip("-")[:80]


def _json(value: Mapping[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, content in files.items():
            part = folder / f".{name}.part"
            part.touch(mode=0o600)
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(folder / name)
    except OSError as error:
        raise UndenyError(
            f"`{folder}` cannot be written: {(error.strerror or str(error)).lower()}",
            help=("give --export with a folder of yours", "nothing was changed in AWS by this step"),
            code="export-failed",
        ) from error


def _commit(repository: Path, below: Path, message: str) -> None:
    """Commit these files alone, whatever else is staged; nothing where they are as they were."""
    added = _git(repository, "add", "--force", "--", str(below))
    if added.returncode == 0 and _git(repository, "diff", "--cached", "--quiet", "--", str(below)).returncode == 0:
        return
    done = _git(repository, "commit", "--quiet", "--no-verify", "-m", message, "--", str(below)) if added.returncode == 0 else added
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split()).rstrip(".") or "git failed"
        raise UndenyError(f"git could not keep the export in `{repository}`: {said}", code="export-failed")


def _git(repository: Path, *args: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - git itself, with arguments of ours
            ["git", "-C", str(repository), *args],  # noqa: S607 - the user's own git
            capture_output=True,
            text=True,
            check=False,
            timeout=GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UndenyError("git is not here, or did not end", help=("leave --export-git out",), code="export-failed") from error
