"""A text that is JSON: one document, lines of documents, a trail file cut short; and events inside a log."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from undeny.denial.build import merged
from undeny.denial.mappings import Tally, denials_in
from undeny.denial.model import Denial
from undeny.denial.reading import read_text
from undeny.denial.secrets import mask
from undeny.denial.tables import is_table, rows_of
from undeny.errors import UndenyError

_RECORDS = re.compile(r'"Records"\s*:\s*\[')
_NEXT = re.compile(r'\{\s*"(?:eventVersion|userIdentity|eventTime|eventName|eventSource)"')
_NAMES = 20_000
"""Characters of the line that names a table's columns."""
_DECODER = json.JSONDecoder()


class Documented(msgspec.Struct, frozen=True, kw_only=True):
    """What JSON held: denials, problems that did not stop it, how many events were whole, and whether the end was missing."""

    denials: tuple[Denial, ...]
    problems: tuple[UndenyError, ...] = ()
    events: int = 0
    cut: bool = False


def read_document(text: str) -> Documented | None:
    """Read a text that is a document: JSON, or a table of events; `None` where it is none, or none that holds denials in a known shape."""
    if text.lstrip()[:1] in {"{", "["}:
        return _json(text)
    return _table(text) if "eventname" in text[:_NAMES].lower() and is_table(text) else None


def _table(text: str) -> Documented:
    tally = Tally()
    rows = rows_of(text, tally)
    found = [msgspec.structs.replace(denial, line=line) for line, denials in rows for denial in denials]
    return Documented(denials=tuple(merged(found)), problems=tuple(tally.problems), events=tally.events)


def _json(text: str) -> Documented | None:
    try:
        value = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return _broken(text)
    tally = Tally()
    if isinstance(value, list):
        parts = [denials_in(item, tally) for item in value]
        found = None if all(part is None for part in parts) else [denial for part in parts for denial in part or ()]
    else:
        found = denials_in(value, tally)
    if found is None:
        return None
    return Documented(denials=tuple(merged(found)), problems=tuple(tally.problems), events=tally.events)


def _broken(text: str) -> Documented | None:
    match = _RECORDS.search(text, 0, 4096)
    if match:
        return _recovered(text, match.end())
    return _lines(text)


def _recovered(text: str, begin: int) -> Documented:
    """Read the whole records of a file that is cut short, or broken in one of them."""
    tally = Tally()
    found: list[Denial] = []
    cut = False
    for value, where in _records(text, begin):
        if value is None:
            cut = where < 0
            tally.problems.append(_lost(text, abs(where), tally.events, cut=cut))
            continue
        part = denials_in(value, tally)
        if part is None:
            tally.problems.append(_lost(text, where, tally.events, cut=False))
        found.extend(part or ())
    return Documented(denials=tuple(merged(found)), problems=tuple(tally.problems), events=tally.events, cut=cut)


def _records(text: str, begin: int) -> Iterator[tuple[Any, int]]:
    """Give each record with its place; `None` for one that cannot be read, its place negative where the text ends in it."""
    position = begin
    while True:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        if position >= len(text):
            yield None, -position
            return
        if text[position] == "]":
            return
        try:
            value, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            following = _NEXT.search(text, position + 1)
            if following is None:
                closed = text.rstrip().endswith("]}")
                yield None, position if closed else -position
                return
            yield None, position
            position = following.start()
            continue
        yield value if value is not None else 0, position
        position = end


def _lost(text: str, position: int, events: int, *, cut: bool) -> UndenyError:
    line = text.count("\n", 0, position) + 1
    whole = f"{events:,} whole event{'' if events == 1 else 's'}"
    if cut:
        return UndenyError(
            f"the list of events ends in the middle, after {whole}",
            code="truncated-input",
            help=("the whole events were read; the last one is lost", "copy the file again: its size should be the one S3 lists"),
        )
    return UndenyError(
        f"an event at line {line}, character {position + 1:,}, cannot be read",
        code="broken-event",
        help=("it was left out; the other events were read",),
    )


def _lines(text: str) -> Documented | None:
    """Read one document a line; a line that is none is read as text, a broken one is a problem."""
    lines = text.splitlines()
    if sum(1 for line in lines[:50] if line.lstrip().startswith("{")) < 2 and len(lines) > 1:
        return None
    tally, known = Tally(), 0
    found: list[Denial] = []
    plain: list[str] = []
    for number, line in enumerate([*lines, "{}"], 1):
        value = _decoded(line) if line.strip() else None
        part = denials_in(value, tally) if number <= len(lines) else ()
        if part is None:
            if value is None and line.lstrip().startswith('{"'):
                tally.problems.append(_not_whole(number))
                line = ""  # noqa: PLW2901 - a broken document is no text
            plain.append(line)
        else:
            found.extend(_told(plain, number))
            plain.clear()
            known += number <= len(lines)
            found.extend(msgspec.structs.replace(denial, line=number) for denial in part)
        if number == 50 and not known:
            return None
    if not known:
        return None
    return Documented(denials=tuple(merged(found)), problems=tuple(tally.problems), events=tally.events)


def _told(lines: list[str], following: int) -> Iterator[Denial]:
    """Read the lines between two documents as the text that they are; `following` is the number of the line behind them."""
    if any(map(str.strip, lines)):
        before = following - len(lines) - 1
        for denial in read_text("\n".join(lines)):
            yield msgspec.structs.replace(denial, line=(denial.line or 1) + before)


def _not_whole(number: int) -> UndenyError:
    return UndenyError(f"line {number:,} is not whole JSON", code="broken-event", help=("it was left out; the other lines were read",))


def _decoded(line: str) -> Any:
    try:
        return msgspec.json.decode(mask(line))
    except (ValueError, RecursionError):
        return None
