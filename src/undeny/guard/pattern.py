"""The filter pattern of a CloudWatch Logs metric filter: written, read back, and matched with an event.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from undeny.errors import UndenyError
from undeny.guard.model import Clause, Watch
from undeny.iam import wildcard

MOST = 1024
"""Characters of a pattern: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""
_GRAMMAR = r"""
    \s*(?:(?P<sign>&&|\|\||\(|\)|\{|\})
    |(?P<selector>\$(?:\.[A-Za-z_][\w-]*|\[\d+\])+)
    |(?P<operator>!=|=)
    |(?P<word>NOT\s+EXISTS|IS\s+NULL|IS\s+TRUE|IS\s+FALSE)
    |"(?P<text>[^"]*)")
"""
Test = Callable[[Mapping[str, Any]], bool]
ABSENT = object()


def write(watch: Watch) -> str:
    """Write the pattern of a watch, read back before it is given. Raises `UndenyError` where CloudWatch Logs would not take it."""
    text = "{ " + " && ".join(_clause(clause) for clause in watch.clauses) + " }"
    if len(text) > MOST:
        raise UndenyError(
            f"the filter pattern has {len(text):,} characters, and CloudWatch Logs takes {MOST:,}",
            code="pattern-too-long",
            help=("name one call with --action, and one caller with --principal",),
        )
    read(text)
    return text


def _clause(clause: Clause) -> str:
    if clause.operator == "not exists":
        return f"($.{clause.field} NOT EXISTS)"
    joint = " || " if clause.operator == "=" else " && "
    told = joint.join(f'$.{clause.field} {clause.operator} "{_text(value)}"' for value in clause.values)
    return f"({told})"


def _text(value: str) -> str:
    if '"' in value:
        raise UndenyError(f"`{value}` holds a quotation mark, which no filter pattern can hold", code="bad-pattern")
    return value


def read(text: str) -> Test:
    """Read a pattern; gives the test of an event. Raises `UndenyError` at the place where the pattern is none.

    >>> read('{ ($.errorCode = "AccessDenied*") && ($.a.b NOT EXISTS) }')({"errorCode": "AccessDeniedException", "a": {}})
    True
    """
    return _Reader(text).whole()


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._scan = re.compile(_GRAMMAR, re.VERBOSE)

    def whole(self) -> Test:
        self._sign("{")
        test = self._any()
        self._sign("}")
        if self._text[self._at :].strip():
            raise self._wrong("the end")
        return test

    def _any(self) -> Test:
        tests = [self._all()]
        while self._peek("||"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda event: any(test(event) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._peek("&&"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda event: all(test(event) for test in tests)

    def _one(self) -> Test:
        if self._peek("("):
            test = self._any()
            self._sign(")")
            return test
        path = tuple(re.findall(r"[A-Za-z_][\w-]*|\d+", self._take("selector", "a field ($.name)")))
        word = self._maybe("word")
        if word:
            return _by_word(" ".join(word.split()), path)
        operator = self._take("operator", "`=`, `!=` or NOT EXISTS")
        return _compared(operator, path, self._take("text", "a text in quotation marks"))

    def _peek(self, sign: str) -> bool:
        found = self._scan.match(self._text, self._at)
        if found is None or found["sign"] != sign:
            return False
        self._at = found.end()
        return True

    def _sign(self, sign: str) -> None:
        if not self._peek(sign):
            raise self._wrong(f"`{sign}`")

    def _maybe(self, kind: str) -> str | None:
        found = self._scan.match(self._text, self._at)
        if found is None or found[kind] is None:
            return None
        self._at = found.end()
        return str(found[kind])

    def _take(self, kind: str, wanted: str) -> str:
        found = self._maybe(kind)
        if found is None:
            raise self._wrong(wanted)
        return found

    def _wrong(self, wanted: str) -> UndenyError:
        rest = self._text[self._at : self._at + 20].strip() or "the end"
        return UndenyError(f"the filter pattern has `{rest}` at character {self._at + 1}, where {wanted} belongs", code="bad-pattern")


def _by_word(word: str, path: tuple[str, ...]) -> Test:
    wanted: Mapping[str, Callable[[Any], bool]] = {
        "NOT EXISTS": lambda held: held is ABSENT,
        "IS NULL": lambda held: held is None,
        "IS TRUE": lambda held: held is True,
        "IS FALSE": lambda held: held is False,
    }
    test = wanted[word]
    return lambda event: test(value_at(event, path))


def _compared(operator: str, path: tuple[str, ...], pattern: str) -> Test:
    def test(event: Mapping[str, Any]) -> bool:
        held = value_at(event, path)
        if not isinstance(held, str):
            return False  # a field that is not there is neither equal nor unequal
        return wildcard.matches(pattern, held) is (operator == "=")

    return test


def value_at(event: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Give the value at a path, `ABSENT` where there is none."""
    held: Any = event
    for name in path:
        if isinstance(held, Mapping) and name in held:
            held = held[name]
        elif isinstance(held, list) and name.isdigit() and int(name) < len(held):
            held = held[int(name)]
        else:
            return ABSENT
    return held
