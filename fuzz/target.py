"""What is tried on every input: it is read, and what was read is explained without evidence. Only an `UndenyError` may come out."""

import json
from collections.abc import Mapping
from typing import Any

import undeny
from undeny.denial import parse, read_bytes
from undeny.denial.secrets import mask
from undeny.errors import UndenyError


class Count:
    """How many inputs were tried, held a denial, and were explained."""

    def __init__(self) -> None:
        self.runs = self.denials = self.explained = 0

    def __str__(self) -> str:
        return f"{self.runs} {self.denials} {self.explained}"


def a_text(text: str, count: Count) -> None:
    """Read a text, mask it, explain its first denial."""
    count.runs += 1
    lines = text.count("\n") + 1
    found = parse(text)
    for denial in found:
        assert denial.line is None or 1 <= denial.line <= lines, denial  # noqa: S101 - the fuzzer reports what fails
    mask(text)
    _explain(text, len(found), count)


def some_bytes(data: bytes, count: Count) -> None:
    """Read a file's bytes; what is broken is said in one line and a wrong call's exit status."""
    count.runs += 1
    try:
        reading = read_bytes(data, "it")
    except UndenyError as error:
        problems: tuple[UndenyError, ...] = (error,)
    else:
        problems = reading.problems
        count.denials += bool(reading.denials)
    for problem in problems:
        assert problem.message and problem.exit_status == 2, problem  # noqa: S101, PT018 - the fuzzer reports what fails


def an_event(event: Mapping[str, Any], count: Count) -> None:
    """Read an event: as it is, in a trail's file, as text, and in a file that is cut short."""
    count.runs += 1
    found = parse(event)
    written = json.dumps(event)
    for source in ({"Records": [event]}, written, json.dumps({"Records": [event, event]})[:-9]):
        parse(source)
    _explain(event, len(found), count)


def _explain(source: str | Mapping[str, Any], found: int, count: Count) -> None:
    if not found:
        return
    count.denials += 1
    try:
        explained = undeny.explain(source)
    except UndenyError:
        return
    json.dumps(undeny.to_builtins(explained))
    count.explained += 1
