"""The search for a request: in these boxes, outside those, and able to exist. It is complete: what it does not find is not there.

To be outside a box is to be outside in one of its dimensions: the search picks one after the other, and each dimension (the resource,
the action, one condition key) says by itself whether what is asked of it so far can be had.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from undeny.prove.containment import keys, patterns
from undeny.prove.containment.boxes import Box
from undeny.prove.containment.keys import Domain, Literal
from undeny.prove.containment.language import Language, TooHardError, find_word
from undeny.prove.containment.patterns import Values

RESOURCE, ACTION = "resource", "action"
Wish = tuple[str, Language | keys.Condition, bool]
"""A dimension, a language or condition there, and whether the request must be in it."""
Asked = frozenset[tuple[Language | keys.Condition, bool]]
"""All that is asked of one dimension."""


class Space(msgspec.Struct, frozen=True, kw_only=True):
    """What requests there are: actions and resources as languages, condition keys as domains, policy variables with these values.

    `bound`: variables stand for a value that nobody knows, and what is asked of them is only what holds for every value.
    """

    actions: tuple[Language, ...]
    resources: tuple[Language, ...]
    domains: Mapping[str, Domain]
    values: Values
    bound: bool = False
    no_actions: tuple[Language, ...] = ()
    settled: bool = False
    """Every statement is known to take in the actions: only resources and conditions are asked about."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A request that the search found: an action name, a resource, and the values of the keys that matter (`()`: absent)."""

    action: str
    resource: str
    keys: Mapping[str, tuple[str, ...]]


class Search:
    """One search in one space."""

    def __init__(self, space: Space, budget: list[int]) -> None:
        """Take a space, and the steps that are left for the whole question."""
        self.space = space
        self.budget = budget
        self._known: dict[tuple[str, Asked], tuple[str, ...] | None] = {}

    def run(self, inside: Sequence[Box], outside: Sequence[Box]) -> Found | None:
        """Find a request in every box of `inside` and in none of `outside`."""
        wishes = [wish for box in inside for wish in self._in(box)]
        asked: dict[str, Asked] = {RESOURCE: frozenset(), ACTION: frozenset()}
        for dimension, what, want in self._bounded(wishes) if self.space.bound else wishes:
            asked[dimension] = asked.get(dimension, frozenset()) | {(what, want)}
        if any(self._solve(dimension, wanted) is None for dimension, wanted in asked.items()):
            return None
        clauses = [clause for box in outside if (clause := self._out(box)) is not None]
        if any(all((what, not want) in asked.get(dimension, ()) for dimension, what, want in clause) for clause in clauses):
            return None
        return self._go(asked, clauses)

    def _in(self, box: Box) -> list[Wish]:
        values = self.space.values
        found: list[Wish] = [] if self.space.settled else [(ACTION, box.actions, not box.not_actions)]
        if box.resources is not None:
            found.append((RESOURCE, box.resource_language(values), not box.not_resources))
        return found + [(wanted.key, wanted, True) for wanted in box.conditions if wanted.exact or not self.space.bound]

    def _out(self, box: Box) -> list[Wish] | None:
        """Give the ways to be outside a box; `None` where it need not be asked, since the box may not hold the request anyway."""
        if self.space.bound and (not box.exact or any(wanted.negated and wanted.names for wanted in box.conditions)):
            return None
        if self.space.bound and box.not_resources and box.resource_names:
            return None
        found: list[Wish] = [] if self.space.settled else [(ACTION, box.actions, box.not_actions)]
        if box.resources is not None:
            found.append((RESOURCE, box.resource_language(self.space.values), box.not_resources))
        return found + [(wanted.key, wanted, False) for wanted in box.conditions if wanted.exact]

    def _bounded(self, wishes: Iterable[Wish]) -> list[Wish]:
        """Where a variable is asked for, ask only for it: its value may be whatever the other wishes of that dimension want."""
        by_dimension: dict[str, list[Wish]] = {}
        for wish in wishes:
            by_dimension.setdefault(wish[0], []).append(wish)
        kept: list[Wish] = []
        for dimension, several in by_dimension.items():
            varying = [wish for wish in several if self._varies(wish)]
            if not varying:
                kept += several
                continue
            sure = [w for w in varying if w[2] and not (isinstance(w[1], keys.Condition) and w[1].negated)]
            kept += sure[:1] if dimension != ACTION else several
        return kept

    def _varies(self, wish: Wish) -> bool:
        what = wish[1]
        if isinstance(what, keys.Condition):
            return bool(what.names)
        opaque = {value for value in self.space.values.values() if value}
        return any(token in opaque for pattern in what.patterns for token in pattern)

    def _go(self, asked: Mapping[str, Asked], clauses: Sequence[list[Wish]]) -> Found | None:
        self.budget[0] -= 1
        if self.budget[0] < 0:
            raise TooHardError
        left: list[list[Wish]] = []
        for clause in clauses:
            if any(self._with(asked, dimension, (what, not want)) is None for dimension, what, want in clause):
                continue  # outside this box already
            open_ways = [
                (dimension, what, want) for dimension, what, want in clause if self._with(asked, dimension, (what, want)) is not None
            ]
            if not open_ways:
                return None
            left.append(open_ways)
        if not left:
            return self._request(asked)
        left.sort(key=len)
        for dimension, what, want in left[0]:
            found = self._go({**asked, dimension: asked.get(dimension, frozenset()) | {(what, want)}}, left[1:])
            if found is not None:
                return found
        return None

    def _with(self, asked: Mapping[str, Asked], dimension: str, more: tuple[Language | keys.Condition, bool]) -> tuple[str, ...] | None:
        known = asked.get(dimension, frozenset())
        return None if (more[0], not more[1]) in known else self._solve(dimension, known | {more})

    def _solve(self, dimension: str, wanted: Asked) -> tuple[str, ...] | None:
        if (dimension, wanted) not in self._known:
            self._known[dimension, wanted] = self._solved(dimension, wanted)
        return self._known[dimension, wanted]

    def _solved(self, dimension: str, wanted: Asked, *more: Language) -> tuple[str, ...] | None:
        if dimension not in (RESOURCE, ACTION):
            literals: list[Literal] = [(what, want) for what, want in wanted if isinstance(what, keys.Condition)]
            domain = self.space.domains.get(dimension, Domain())
            if self.space.bound and any(what.names for what, _ in literals):
                domain = msgspec.structs.replace(domain, within=())
            return keys.solve(literals, domain, self.space.values)
        possible = self.space.resources if dimension == RESOURCE else self.space.actions
        languages = [(what, want) for what, want in wanted if isinstance(what, Language)]
        if self.space.bound and dimension == RESOURCE and any(want and self._varies((dimension, what, want)) for what, want in languages):
            possible = ()
        never = self.space.no_actions if dimension == ACTION else ()
        word = find_word(
            [*possible, *more, *(what for what, want in languages if want)], [*never, *(what for what, want in languages if not want)]
        )
        return None if word is None else (word,)

    def _request(self, asked: Mapping[str, Asked]) -> Found:
        action = self._solve(ACTION, asked[ACTION]) or ("",)
        solved = {dimension: self._readable(dimension, wanted) for dimension, wanted in asked.items() if dimension != ACTION}
        return Found(action=action[0], resource=solved.pop(RESOURCE)[0], keys=solved)

    def _readable(self, dimension: str, wanted: Asked) -> tuple[str, ...]:
        """Solve a dimension once more, for values that people would expect, where those do as well."""
        found = self._solve(dimension, wanted) or ()
        if self.space.bound:
            return found
        if dimension == RESOURCE:
            likely = (self._solved(dimension, wanted, arn) for arn in patterns.likely_arns())
            return next((one for one in likely if one is not None), found)
        literals: list[Literal] = [(what, want) for what, want in wanted if isinstance(what, keys.Condition)]
        return keys.solve(literals, keys.present(self.space.domains.get(dimension, Domain())), self.space.values) or found


def opaque(names: Iterable[str]) -> Values:
    """Let each variable stand for a value of its own that nobody knows."""
    return {name: chr(0xE000 + i) for i, name in enumerate(sorted(names))}


ANYTHING = ("amber", "blue", "coral")


def choices(names: Iterable[str], inside: Sequence[Box], domains: Mapping[str, Domain], most: int = 24) -> list[Values]:
    """Give values to try for policy variables: what the statements ask of those keys, something else, and nothing."""
    found = []
    for i, name in enumerate(sorted(names)):
        tried: list[str | None] = [*_asked_of(name, inside, domains), f"{ANYTHING[i % 3]}{i or ''}", None]
        known = domains.get(name)
        found.append([(name, value) for value in dict.fromkeys(tried if known is None or known.present else [None])])
    return [dict(one) for one in itertools.islice(itertools.product(*found), most)]


def _asked_of(name: str, inside: Sequence[Box], domains: Mapping[str, Domain]) -> list[str]:
    """Give values that meet what the statements ask of a key, and values of the keys that are compared with it."""
    conditions = [wanted for box in inside for wanted in box.conditions if wanted.exact]
    asked: list[Literal] = [(wanted, True) for wanted in conditions if wanted.key == name and not wanted.names]
    questions = [(name, asked), *((name, [one]) for one in _values_alone(asked))] if asked else []
    questions += [(wanted.key, []) for wanted in conditions if name in wanted.names]
    if name in domains and domains[name].within:
        questions.insert(0, (name, []))
    found: list[str] = []
    for key, literals in questions:
        try:
            found += keys.solve(literals, keys.present(domains.get(key, Domain())), {}) or ()
        except TooHardError:
            continue
    return found


def _values_alone(asked: Sequence[Literal]) -> list[Literal]:
    """Take a condition with several values apart, one value each."""
    several = [(wanted, want) for wanted, want in asked if len(wanted.values) > 1]
    return [(msgspec.structs.replace(wanted, values=(value,)), want) for wanted, want in several for value in wanted.values]
