"""The marks of a passage: where wrappers and forms were found, in order, without those that lie inside others."""

from collections.abc import Callable, Iterable
from functools import cache
from types import ModuleType
from typing import Literal

import msgspec

from undeny.denial.found import Facts, Found, Passage

Side = Literal["before", "after", "beside", "core"]
"""Where a wrapper stands to its sentence; a form's mark is the `core` itself."""


class Mark(msgspec.Struct, frozen=True, gc=False):
    """One occurrence of a wrapper or form. `name` is its file's; `quote` ends the sentence behind it, where the wrapper opens one."""

    start: int
    end: int
    side: Side
    name: str
    facts: Facts
    quote: str


def marks_of(passage: Passage, wrappers: Iterable[ModuleType], forms: Iterable[ModuleType]) -> list[Mark]:
    """Give all marks in the order of the text: a core inside a wrapper and a wrapper inside a core are none."""
    cores = _apart(_found(forms, passage, "core"))
    around = _found(wrappers, passage, None)
    if len(around) > 1:
        around.sort(key=_outside_in)
    if not cores:
        return _open(around)
    if not around:
        return cores
    cores = [core for core in cores if not _inside(core, around)]
    around = _open(mark for mark in around if mark.side == "beside" or not _inside(mark, cores))
    return sorted([*around, *cores], key=_in_order)


def _found(modules: Iterable[ModuleType], passage: Passage, side: Side | None) -> list[Mark]:
    marks: list[Mark] = []
    for module in modules:
        name, own, find = _reader(module)
        for found in find(passage):
            marks.append(Mark(found.start, found.end, side or own, name, found.facts, found.quote))  # noqa: PERF401 - faster so
    return marks


@cache
def _reader(module: ModuleType) -> tuple[str, Side, Callable[[Passage], Iterable[Found]]]:
    return module.__name__.rpartition(".")[2], getattr(module, "SIDE", "core"), module.find


def _outside_in(mark: Mark) -> tuple[int, int]:
    return mark.start, -mark.end


def _in_order(mark: Mark) -> tuple[int, int]:
    return mark.start, mark.end


def _apart(cores: list[Mark]) -> list[Mark]:
    """Of cores that overlap keep the one that says most, of those the one that begins first, of those the longest."""
    if len(cores) < 2:
        return cores
    kept: list[Mark] = []
    last = -1
    for core in sorted(cores, key=_outside_in):
        if core.start >= last:
            kept.append(core)
        elif len(core.facts) > len(kept[-1].facts):
            kept[-1] = core
        last = max(last, core.end) if core.start >= last else kept[-1].end
    return kept


def _open(around: Iterable[Mark]) -> list[Mark]:
    """Leave out the marks that lie wholly in one before."""
    kept: list[Mark] = []
    for mark in around:
        if not kept or mark.end > kept[-1].end:
            kept.append(mark)
    return kept


def _inside(mark: Mark, others: list[Mark]) -> bool:
    start, end = mark.start, mark.end
    for other in others:  # noqa: SIM110 - a generator doubles the time, and this runs for each mark
        if other.start <= start and end <= other.end and other.end - other.start > end - start:
            return True
    return False
