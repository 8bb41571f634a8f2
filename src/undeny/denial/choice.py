"""Which drop-ins could fit a text: those of whose literals one is in it. Only these are ever loaded."""

from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple

from undeny import dropins

_GATE = 5
"""Characters of a gate: measured, a little less or more costs the same."""
Chosen = tuple[tuple[ModuleType, ...], ...]


class _Table(NamedTuple):
    """The literals, each behind a piece that it shares with others as behind a gate: most texts hold few of the pieces."""

    gates: tuple[str, ...]
    behind: Mapping[str, tuple[str, ...]]


def chosen(packages: tuple[str, ...], low: str) -> Chosen:
    """Load the drop-ins of each package that could fit `low`, a text in lower case, in the order of their names.

    As `dropins.load_for`, but each literal is looked for once, and what was loaded is kept: a log has many lines.
    """
    gates, behind = _table(packages)
    return _loaded(packages, tuple([literal for gate in gates if gate in low for literal in behind[gate] if literal in low]))


@cache
def _table(packages: tuple[str, ...]) -> _Table:
    literals = dict.fromkeys(literal for package in packages for wanted in dropins.needs(package).values() for literal in wanted)
    pieces = Counter(piece for literal in literals for piece in _pieces(literal))
    behind: dict[str, list[str]] = {}
    for literal in literals:
        behind.setdefault(max(_pieces(literal), key=pieces.__getitem__), []).append(literal)
    return _Table(tuple(behind), {gate: tuple(found) for gate, found in behind.items()})


def _pieces(literal: str) -> list[str]:
    return [literal[index : index + _GATE] for index in range(max(1, len(literal) - _GATE + 1))]


@lru_cache(maxsize=4096)
def _loaded(packages: tuple[str, ...], found: tuple[str, ...]) -> Chosen:
    return tuple(
        tuple(
            dropins.load(package, name)
            for name, wanted in dropins.needs(package).items()
            if not wanted or not set(wanted).isdisjoint(found)
        )
        for package in packages
    )
