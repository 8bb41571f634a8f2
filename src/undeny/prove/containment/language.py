"""Languages of texts: patterns with classes of characters, their unions, and the shortest word in some of them and in none of others.

A pattern is a row of tokens: a character that stands for itself, or a `Wild`, one or many characters of a class. A `Language` is the
union of its patterns. `find_word` walks the product of all languages at once over a symbolic alphabet: every character that a pattern
names, and one that none does for each class; so what it does not find is not there.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from functools import lru_cache

import msgspec

EFFORT: ContextVar[list[int]] = ContextVar("EFFORT")
"""How many states may still be looked at for the question that is being answered."""
OPAQUE = 0xE000
"""Characters from here on stand for the unknown value of a policy variable: only a run of any characters takes one in."""
CLASSES = {
    "any": None,
    "no-colon": (False, ":"),
    "no-slash": (False, "/:"),
    "region": (True, "abcdefghijklmnopqrstuvwxyz0123456789-"),
    "digit": (True, "0123456789"),
    "letter": (True, "abcdefghijklmnopqrstuvwxyz0123456789"),
}  # fmt: skip
"""A class of characters: all, or those that are (not) among some."""
PLAIN = "ax7zQ_-/:.qk4wnuhgvjpYX%"
"""Characters of which a word is made where nothing says which, the likeliest first."""


class Wild(msgspec.Struct, frozen=True):
    """A wildcard: a class of characters, one of it or any number."""

    chars: str
    many: bool


Token = str | Wild
Pattern = tuple[Token, ...]
ANY = Wild("any", many=True)
ONE = Wild("any", many=False)


class TooHardError(Exception):
    """The product of the languages has more states than are worth a walk."""


class Language(msgspec.Struct, frozen=True):
    """A union of patterns; `fold` compares without case."""

    patterns: frozenset[Pattern]
    fold: bool = False


def language(*texts: str, fold: bool = False) -> Language:
    """Read patterns in which `*` and `?` stand for every character."""
    return Language(frozenset(tuple(ANY if c == "*" else ONE if c == "?" else c for c in text) for text in texts), fold=fold)


def exactly(*texts: str, fold: bool = False) -> Language:
    """Make the language of just these texts."""
    return Language(frozenset(tuple(text) for text in texts), fold=fold)


def takes(token: Token, character: str) -> bool:
    """Whether a token takes this character in."""
    if isinstance(token, str):
        return token == character
    if ord(character) >= OPAQUE:
        return token == ANY
    known = CLASSES[token.chars]
    return known is None or (character in known[1]) is known[0]


class Machine:
    """A language as a nondeterministic automaton; a state is a set of positions, a bit each."""

    def __init__(self, of: Language) -> None:
        """Lay the patterns one behind the other."""
        self.fold = of.fold
        self.tokens: list[Token | None] = []
        self.start = self.accepting = self.skipping = 0
        for pattern in of.patterns:
            self.start |= 1 << len(self.tokens)
            for token in pattern:
                if isinstance(token, Wild) and token.many:
                    self.skipping |= 1 << len(self.tokens)
                self.tokens.append(token.lower() if self.fold and isinstance(token, str) else token)
            self.accepting |= 1 << len(self.tokens)
            self.tokens.append(None)
        self.start = self._closed(self.start)
        self._steps: dict[str, tuple[int, int]] = {}
        self._after: dict[tuple[int, str], int] = {}
        self._moves: dict[int, tuple[frozenset[str], bool]] = {}

    def _closed(self, state: int) -> int:
        while True:
            more = state | ((state & self.skipping) << 1)
            if more == state:
                return state
            state = more

    def step(self, state: int, character: str) -> int:
        """Go on by one character."""
        known = self._after.get((state, character))
        if known is None:
            known = self._after[state, character] = self._step(state, character.lower() if self.fold else character)
        return known

    def _step(self, state: int, character: str) -> int:
        if character not in self._steps:
            taking = sum(1 << i for i, token in enumerate(self.tokens) if token is not None and takes(token, character))
            self._steps[character] = (taking & ~self.skipping, taking & self.skipping)
        once, again = self._steps[character]
        return self._closed(((state & once) << 1) | (state & again))

    def moves(self, state: int) -> tuple[frozenset[str], bool]:
        """Name the characters that a pattern asks for here, and say whether a wildcard takes others in as well."""
        if state not in self._moves:
            tokens = [self.tokens[i] for i in _bits(state)]
            named = frozenset(token for token in tokens if isinstance(token, str))
            wild = any(isinstance(token, Wild) for token in tokens)
            self._moves[state] = (named | {c.upper() for c in named} if self.fold else named, wild)
        return self._moves[state]


def _bits(state: int) -> Iterator[int]:
    while state:
        lowest = state & -state
        yield lowest.bit_length() - 1
        state ^= lowest


@lru_cache(maxsize=4096)
def machine(of: Language) -> Machine:
    """Build the automaton of a language, once."""
    return Machine(of)


def alphabet(languages: Iterable[Language]) -> tuple[tuple[str, ...], ...]:
    """Sort the characters that matter by the classes that take them in, in each kind those first that no pattern names."""
    named = {token for of in languages for pattern in of.patterns for token in pattern if isinstance(token, str) and ord(token) < OPAQUE}
    kinds: dict[tuple[bool, ...], list[str]] = {}
    for character in (*PLAIN, *sorted(named)):
        kinds.setdefault(tuple(takes(Wild(name, many=False), character) for name in CLASSES), []).append(character)
    return tuple(tuple(dict.fromkeys(sorted(kind, key=lambda c: c in named))) for kind in kinds.values())


def apart(one: Language, other: Language) -> bool:
    """Whether two languages surely share no word: no beginning of one fits a beginning of the other. Cheap, and no proof if not."""
    fold = one.fold or other.fold
    heads, others = ([_head(pattern, fold=fold) for pattern in of.patterns] for of in (one, other))
    return not any(a.startswith(b) or b.startswith(a) for a in heads for b in others)


def _head(pattern: Pattern, *, fold: bool) -> str:
    found = "".join(itertools.takewhile(lambda token: isinstance(token, str), pattern))  # type: ignore[arg-type] # only texts are taken
    return found.lower() if fold else found


def find_word(within: Iterable[Language], outside: Iterable[Language]) -> str | None:
    """Find a shortest text in all of `within` and none of `outside`; `None`: there is none. Raises `TooHardError`."""
    return _find(frozenset(within), frozenset(outside))


@lru_cache(maxsize=20_000)
def _find(within: frozenset[Language], outside: frozenset[Language]) -> str | None:
    if within & outside or any(apart(one, other) for one, other in itertools.combinations(within, 2)):
        return None
    machines = [machine(of) for of in (*within, *outside)]
    count = len(within)
    letters = alphabet((*within, *outside))
    first = tuple(m.start for m in machines)
    came: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None] = {first: None}
    queue = [first]
    effort = EFFORT.get()
    for state in queue:
        if _accepted(state, machines, count):
            return _spelled(came, state)
        for letter in _onward(state, machines, count, letters):
            after = tuple(m.step(s, letter) for s, m in zip(state, machines, strict=True))
            if all(after[:count]) and after not in came:
                came[after] = (state, letter)
                queue.append(after)
        effort[0] -= 1
        if effort[0] < 0:
            raise TooHardError
    return None


def _accepted(state: tuple[int, ...], machines: Sequence[Machine], count: int) -> bool:
    accepting = [bool(s & m.accepting) for s, m in zip(state, machines, strict=True)]
    return all(accepting[:count]) and not any(accepting[count:])


def _onward(state: tuple[int, ...], machines: Sequence[Machine], count: int, letters: Sequence[Sequence[str]]) -> Sequence[str]:
    """Give the characters worth a step: those that a pattern asks for here, and of each kind one that none asks for."""
    moves = [m.moves(s) for s, m in zip(state, machines, strict=True)]
    forced = [named for named, wild in moves[:count] if not wild]
    if forced:
        return sorted(frozenset.intersection(*forced))
    asked = frozenset().union(*(named for named, _ in moves))
    others = [next((c for c in kind if c not in asked), None) for kind in letters]
    return [*(c for c in others if c is not None), *sorted(asked)]


def _spelled(came: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None], state: tuple[int, ...]) -> str:
    word: list[str] = []
    step = came[state]
    while step is not None:
        state, letter = step
        word.append(letter)
        step = came[state]
    return "".join(reversed(word))


@lru_cache(maxsize=4096)
def _halves(of: Language) -> tuple[frozenset[str], Language | None]:
    """Take the patterns without wildcards out as texts."""
    plain = {pattern for pattern in of.patterns if all(isinstance(token, str) for token in pattern)}
    texts = frozenset("".join(map(str, pattern)) for pattern in plain)
    rest = of.patterns - plain
    return frozenset(map(str.lower, texts)) if of.fold else texts, Language(rest, fold=of.fold) if rest else None


def matches(of: Language, text: str) -> bool:
    """Whether a text is in the language."""
    texts, rest = _halves(of)
    if (text.lower() if of.fold else text) in texts:
        return True
    if rest is None:
        return False
    known = machine(rest)
    state = known.start
    for character in text:
        state = known.step(state, character)
    return bool(state & known.accepting)
