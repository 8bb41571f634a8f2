"""Which drop-ins could fit a text: those of whose literals one is in it. Only these are ever loaded."""

from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple

from undeny import dropins

_PIECE = 4
_STEP = 3
_USUAL = (
    "you are not authorized to perform this operation. user: arn:aws:sts:: assumed-role/ is not authorized to perform: s3:getobject on "
    "resource: because no identity-based policy allows the action with an explicit deny in a resource-based policy an error occurred "
    "(accessdeniedexception) when calling the operation: status code: 403, request id: access denied error message"
)
"""What very many texts say: pieces of it tell them apart badly."""
Chosen = tuple[tuple[ModuleType, ...], ...]


class _Index(NamedTuple):
    """The literals by their rarest piece for each way in which a text may be cut, and those too short to have so many.

    A text is cut into pieces at every third place: wherever a literal begins in it, the pieces at one of its first three offsets and
    every third from there are among them. So a text costs a lookup for each of its pieces, and few literals are searched for.
    """

    pieces: frozenset[str]
    literals: Mapping[str, list[str]]
    short: tuple[str, ...]


def chosen(packages: tuple[str, ...], low: str) -> Chosen:
    """Load the drop-ins of each package that could fit `low`, a text in lower case, in the order of their names.

    As `dropins.load_for`, but each literal is looked for at most once, and what was loaded is kept: a log has many lines.
    """
    pieces, literals, short = _index(packages)
    likely = [*short]
    for piece in pieces.intersection([low[place : place + _PIECE] for place in range(0, len(low), _STEP)]):
        likely += literals[piece]
    return _loaded(packages, frozenset([literal for literal in likely if literal in low]))


@cache
def _index(packages: tuple[str, ...]) -> _Index:
    every = dict.fromkeys(literal for package in packages for wanted in dropins.needs(package).values() for literal in wanted)
    shared = Counter(piece for literal in every for piece in _pieces(literal, 0, 1))
    usual = set(_pieces(_USUAL, 0, 1))
    found: dict[str, list[str]] = {}
    short: list[str] = []
    for literal in every:
        if len(literal) < _PIECE + _STEP - 1:
            short.append(literal)
            continue
        for offset in range(_STEP):
            rarest = min(_pieces(literal, offset, _STEP), key=lambda piece: (piece in usual, shared[piece]))
            found.setdefault(rarest, []).append(literal)
    return _Index(frozenset(found), found, tuple(short))


def _pieces(text: str, offset: int, step: int) -> list[str]:
    return [text[place : place + _PIECE] for place in range(offset, len(text) - _PIECE + 1, step)]


@lru_cache(maxsize=4096)
def _loaded(packages: tuple[str, ...], found: frozenset[str]) -> Chosen:
    return tuple(
        tuple(dropins.load(package, name) for name, wanted in dropins.needs(package).items() if not wanted or not found.isdisjoint(wanted))
        for package in packages
    )
