"""A mapping read: an event, or something that holds events or texts; what it is, its drop-in in `documents/` says."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import msgspec

from undeny import dropins
from undeny.denial.build import merged
from undeny.denial.model import Denial
from undeny.denial.reading import read_text
from undeny.errors import UndenyError

DOCUMENTS = "undeny.denial.documents"
_DEPTH = 12
"""Envelopes inside envelopes: an event in a record in a notification in a queue's message has four."""


class Tally:
    """What was met while a document was read: how many events, and what was broken."""

    __slots__ = ("events", "problems")

    def __init__(self) -> None:
        self.events = 0
        self.problems: list[UndenyError] = []


def read_mapping(value: Mapping[str, Any]) -> tuple[Denial, ...]:
    """Read a mapping; one that no drop-in knows is read as the text of its JSON (an SDK's error response, say)."""
    found = denials_in(value, Tally())
    if found is not None:
        return tuple(merged(found))
    return read_text(msgspec.json.encode(value, enc_hook=str).decode())


def denials_in(value: object, tally: Tally, depth: int = 0) -> list[Denial] | None:
    """Give the denials in a document, `None` where no drop-in knows it."""
    if not isinstance(value, Mapping) or depth > _DEPTH:
        return None
    for document in documents():
        if document.fits(value):
            return list(_parts(document, value, tally, depth))
    inside = [event for item in value.values() for event in _events_in(item, depth + 1)]
    return [denial for event in inside for denial in denials_in(event, tally, depth + 1) or ()] if inside else None


def _events_in(item: object, depth: int) -> Iterator[Mapping[str, Any]]:
    """Give the events that an unknown document holds somewhere: under a log's message, in a search's hits."""
    if depth > _DEPTH:
        return
    if isinstance(item, str) and item.startswith("{") and '"eventVersion"' in item:
        item = _decoded(item)
    if isinstance(item, Mapping):
        if "eventVersion" in item and "eventName" in item:
            yield item
            return
        item = list(item.values())
    if isinstance(item, list | tuple):
        for part in item:
            yield from _events_in(part, depth + 1)


def _decoded(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return None


@cache
def documents() -> tuple[ModuleType, ...]:
    """Load the kinds of documents, in the order of their names."""
    return tuple(dropins.load_all(DOCUMENTS))


def _parts(document: ModuleType, value: Mapping[str, Any], tally: Tally, depth: int) -> Iterator[Denial]:
    for part in document.read(value):
        if isinstance(part, Denial):
            yield part
        elif isinstance(part, str):
            yield from _of_text(part, tally, depth)
        elif isinstance(part, Mapping):
            yield from denials_in(part, tally, depth + 1) or ()
        elif part is None:
            continue
        else:
            tally.problems.append(not_an_event(part))
        tally.events += document.__name__.endswith(".event")


def not_an_event(part: object, where: str = "an entry") -> UndenyError:
    """Say that an entry among events is none."""
    kind = {int: "a number", float: "a number", bool: "a truth value", list: "a list"}.get(type(part), "something else")
    return UndenyError(
        f"{where} among the events is {kind}, not an event", code="broken-event", help=("it was left out; the other events were read",)
    )


def _of_text(part: str, tally: Tally, depth: int) -> Iterator[Denial]:
    if part.lstrip()[:1] == "{" and depth < _DEPTH:
        found = denials_in(_decoded(part), tally, depth + 1)
        if found is not None:
            yield from found
            return
    yield from read_text(part)
