"""What a wrapper or a form finds in a passage, and the helpers by which drop-ins say it.

A pattern is written in lower case and matched against the text in lower case, so that spelling does not matter and a pattern that
begins with a literal is searched at full speed; the groups are cut from the text as it stands. One blank in a pattern is any
run of white space; behind a colon, comma, semicolon or closing bracket also none. Patterns are compiled when first used, never
when a drop-in is imported.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec

Facts = dict[str, Any]
"""Fields of a `Denial` by name; a drop-in gives only those that the text says."""

QUOTES = "\"'`\u201c\u201d\u201e\u2018\u2019"
"""What may stand around a value; `\u201d` and `\u201e` also stand for quotes that were escaped once, or more than once."""


class Passage(NamedTuple):
    """A text made even (`evened`), and the same in lower case; both have the length of the original, so offsets are shared."""

    text: str
    low: str


class Found(msgspec.Struct, frozen=True, gc=False):
    """One occurrence: where, which facts, and for a wrapper before its sentence the quote that ends the sentence, if any."""

    start: int
    end: int
    facts: Facts
    quote: str = ""


_BLANK = re.compile(r"\(\?<[=!][^()]*\)|\[(?:\\.|[^\]\\])*\]| \?| ")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of a drop-in; a blank is white space, ` ?` and one behind a stop also none, save in classes and behind looks."""
    return re.compile(_BLANK.sub(_blank, pattern))


def _blank(match: re.Match[str]) -> str:
    if match.group() == " ":
        return r"\s*" if match.string[: match.start()].endswith((":", ",", ";", r"\)")) else r"\s+"
    return r"\s*" if match.group() == " ?" else match.group()


def matches(pattern: str, passage: Passage, **constants: Any) -> Iterator[Found]:
    """Find each match of `pattern` without regard to case; its named groups are facts, beside the `constants`."""
    expression, text = compiled(pattern), passage.text
    for match in expression.finditer(passage.low):
        facts: Facts = {**constants}
        for name, index in expression.groupindex.items():
            begin, end = match.span(index)
            if begin < end:
                facts[name] = text[begin:end]
        yield Found(match.start(), match.end(), facts, facts.pop("quote", ""))


def cased(pattern: str, passage: Passage) -> Iterator[re.Match[str]]:
    """Give the matches of a pattern that looks at upper and lower case."""
    return compiled(pattern).finditer(passage.text)
