"""SOURCE as users give it: standard input, a file, a message as the argument, or the id of an earlier explanation."""

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import msgspec

from undeny.errors import UndenyError
from undeny.pipeline import Subject, subjects_in

_ID = re.compile(r"d-[a-z0-9]{4,12}")
_FILE = re.compile(r"[^\s{}\[\]<>\"']*(/[^\s]*|\.[A-Za-z0-9]{1,5})")
MOST = 400_000_000
"""Bytes of a file that are read at most."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What SOURCE amounts to: things to explain, and what of the input could not be read."""

    subjects: tuple[Subject, ...]
    problems: tuple[UndenyError, ...] = ()
    saved: str | None = None


def read(source: str | None) -> Given:
    """Read SOURCE. Raises `UndenyError` for what is not there, empty, binary, too large or without a denial."""
    if source is None or source == "-":
        return _of_bytes(_standard_input(), "standard input")
    if _is_file(source):
        return _of_bytes(_file(Path(source)), source)
    if _ID.fullmatch(source):
        return _saved(source)
    if source and _is_folder(source):
        raise UndenyError(
            f"`{source}` is a folder", code="is-a-folder", help=(f"the denials in its files: undeny find {shlex.quote(source)}",)
        )
    if _FILE.fullmatch(source) and not source.startswith("arn:"):
        raise UndenyError(f"no such file: `{source}`", code="no-such-file", help=("a message is given in quotes: undeny explain '...'",))
    return _of_bytes(source.encode(), "the argument")


def or_latest(source: str | None) -> Given:
    """Read SOURCE; where there is none and nothing is piped in, give the last explanation."""
    return latest() if source is None and not piped() else read(source)


def piped() -> bool:
    """Whether something waits on standard input."""
    if sys.stdin is None or sys.stdin.isatty():
        return False
    import select  # noqa: PLC0415 - only where there is no terminal

    try:
        ready, _, _ = select.select([sys.stdin], [], [], 0)
    except (OSError, ValueError):
        return False
    stream: Any = sys.stdin.buffer  # a buffered reader, wherever `select` knows it
    return bool(ready) and bool(stream.peek(1))


def with_health(given: Given, name: str | None) -> Given:
    """Add the events of AWS Health that a file holds: one, a list, one a line, or DescribeEvents' answer. Raises `UndenyError`."""
    if name is None:
        return given
    from undeny.evidence import health, strict  # noqa: PLC0415 - only where events are given

    values = strict.values(_file(Path(name)).decode("utf-8", "replace"))
    if values is None:
        raise UndenyError(f"`{name}` is no JSON", code="unreadable-file")
    told: Any = values if len(values) != 1 else values[0]
    if isinstance(told, dict):
        told = told.get("events", [told])
    found = tuple(health.read(one if isinstance(one, dict) else {}) for one in told)
    return msgspec.structs.replace(given, subjects=tuple(msgspec.structs.replace(one, health=found) for one in given.subjects))


def with_trail(given: Given, paths: tuple[str, ...]) -> Given:
    """Add what trail files tell of the time before each denial. Raises `UndenyError` for a path that is not there."""
    if not paths:
        return given
    from undeny.trail.lately import before  # noqa: PLC0415 - only where trail files are given

    found, problems = [], list(given.problems)
    for subject in given.subjects:
        told = before(paths, subject.denial)
        problems += [problem for problem in told.problems if problem not in problems]
        found.append(msgspec.structs.replace(subject, changes=told.changes, assumed=told.assumed))
    return msgspec.structs.replace(given, subjects=tuple(found), problems=tuple(problems))


def latest() -> Given:
    """Give the last explanation again. Raises `UndenyError` where there is none."""
    from undeny.ui.cli import saved  # noqa: PLC0415 - the store is opened only when it is asked

    return _saved(saved.last_explanation())


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False


def _is_folder(source: str) -> bool:
    try:
        return Path(source).is_dir()
    except (OSError, ValueError):
        return False


def _standard_input() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise UndenyError(
            "there is nothing to explain",
            code="usage",
            help=("paste the error in quotes: undeny explain '...'", "or pipe it: COMMAND 2>&1 | undeny", "or name a file"),
        )
    return sys.stdin.buffer.read(MOST)


def _file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST:
            raise UndenyError(
                f"`{path}` has {path.stat().st_size:,} bytes; at most {MOST:,} are read",
                code="too-large",
                help=("cut out the part with the denial: grep -n -i -B2 -A5 denied FILE | undeny",),
            )
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise UndenyError(f"`{path}` cannot be read: {reason}", code="unreadable-file") from error


def _of_bytes(data: bytes, name: str) -> Given:
    found, problems = subjects_in(data, name)
    return Given(subjects=found, problems=problems)


def _saved(short: str) -> Given:
    from undeny.ui.cli import saved  # noqa: PLC0415 - the store is opened only when it is asked

    return Given(subjects=(saved.subject(short),), saved=short)
