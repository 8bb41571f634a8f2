"""The marks of a passage: where wrappers and forms were found, in order, without those that lie inside others."""

from collections.abc import Iterable
from types import ModuleType
from typing import Literal, NamedTuple

from undeny.denial.found import Facts, Found, Passage

Side = Literal["before", "after", "beside", "core"]
"""Where a wrapper stands to its sentence; a form's mark is the `core` itself."""


_NAMES: dict[ModuleType, str] = {}


class Mark(NamedTuple):
    """One occurrence of a wrapper or form. `name` is its file's; `quote` ends the sentence behind it, where the wrapper opens one."""

    start: int
    end: int
    side: Side
    name: str
    facts: Facts
    quote: str


def marks_of(passage: Passage, wrappers: Iterable[ModuleType], forms: Iterable[ModuleType]) -> list[Mark]:
    """Give all marks in the order of the text: a core inside a wrapper and a wrapper inside a core are none."""
    cores = _apart([_mark(found, "core", form) for form in forms for found in form.find(passage)])
    around = [_mark(found, wrapper.SIDE, wrapper) for wrapper in wrappers for found in wrapper.find(passage)]
    around.sort(key=lambda mark: (mark.start, -mark.end))
    if not cores:
        return _open(around)
    if not around:
        return cores
    cores = [core for core in cores if not _inside(core, around)]
    around = _open(mark for mark in around if mark.side == "beside" or not _inside(mark, cores))
    return sorted([*around, *cores], key=lambda mark: (mark.start, mark.end))


def _mark(found: Found, side: Side, module: ModuleType) -> Mark:
    return Mark(
        found[0], found[1], side, _NAMES.get(module) or _NAMES.setdefault(module, module.__name__.rpartition(".")[2]), found[2], found[3]
    )


def _apart(cores: list[Mark]) -> list[Mark]:
    """Of cores that overlap keep the one that begins first, of those the longest."""
    kept: list[Mark] = []
    for core in sorted(cores, key=lambda mark: (mark.start, -mark.end)):
        if not kept or core.start >= kept[-1].end:
            kept.append(core)
    return kept


def _open(around: Iterable[Mark]) -> list[Mark]:
    """Leave out the marks that lie wholly in one before."""
    kept: list[Mark] = []
    for mark in around:
        if kept and mark.end <= kept[-1].end:
            continue
        kept.append(mark)
    return kept


def _inside(mark: Mark, others: list[Mark]) -> bool:
    return any(other.start <= mark.start and mark.end <= other.end for other in others if other.end - other.start > mark.end - mark.start)
