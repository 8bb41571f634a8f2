"""Which drop-ins could fit a text: those of whose literals one is in it. Only these are ever loaded."""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple

from undeny import dropins

_PIECE = 5
_STEP = 4
Chosen = tuple[tuple[ModuleType, ...], ...]


class _Index(NamedTuple):
    """The literals by the pieces at their first four offsets, and those too short to have so many.

    A text is cut into pieces at every fourth place: wherever a literal begins in it, one of its indexed pieces is among them. So a
    text costs a lookup for each of its pieces, and only literals that share one are searched for.
    """

    pieces: frozenset[str]
    literals: Mapping[str, tuple[str, ...]]
    short: tuple[str, ...]


def chosen(packages: tuple[str, ...], low: str) -> Chosen:
    """Load the drop-ins of each package that could fit `low`, a text in lower case, in the order of their names.

    As `dropins.load_for`, but each literal is looked for at most once, and what was loaded is kept: a log has many lines.
    """
    pieces, literals, short = _index(packages)
    likely = set(short)
    for piece in pieces.intersection([low[place : place + _PIECE] for place in range(0, len(low), _STEP)]):
        likely.update(literals[piece])
    return _loaded(packages, frozenset([literal for literal in likely if literal in low]))


@cache
def _index(packages: tuple[str, ...]) -> _Index:
    every = dict.fromkeys(literal for package in packages for wanted in dropins.needs(package).values() for literal in wanted)
    found: dict[str, list[str]] = {}
    short: list[str] = []
    for literal in every:
        if len(literal) < _PIECE + _STEP - 1:
            short.append(literal)
            continue
        for offset in range(_STEP):
            found.setdefault(literal[offset : offset + _PIECE], []).append(literal)
    return _Index(frozenset(found), {piece: tuple(literals) for piece, literals in found.items()}, tuple(short))


@lru_cache(maxsize=4096)
def _loaded(packages: tuple[str, ...], found: frozenset[str]) -> Chosen:
    return tuple(
        tuple(dropins.load(package, name) for name, wanted in dropins.needs(package).items() if not wanted or not found.isdisjoint(wanted))
        for package in packages
    )
