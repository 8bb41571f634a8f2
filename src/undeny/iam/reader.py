"""A JSON reader that knows where everything stands and which keys come twice.

The standard library reads faster and is asked first; this one is for documents that are shown to a person.
"""

import json
import re
from collections.abc import Mapping
from json.decoder import scanstring  # type: ignore[attr-defined] # in the module, not in its stub
from typing import Any

import msgspec

from undeny.iam.model import Place

Path = tuple[str | int, ...]
_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """A document read: its value, the span (start, end) of each value and of each key by path, the paths of keys that come again."""

    value: Any
    values: Mapping[Path, tuple[int, int]]
    keys: Mapping[Path, tuple[int, int]]
    again: tuple[tuple[Path, tuple[int, int]], ...]


class NotJsonError(Exception):
    """The text is not JSON: what was expected, and the offset."""

    def __init__(self, expected: str, offset: int) -> None:
        super().__init__(expected)
        self.offset = offset


def place(text: str, start: int, end: int) -> Place:
    """Turn a span into line and column, both from 1."""
    line = text.count("\n", 0, start) + 1
    return Place(offset=start, line=line, column=start - (text.rfind("\n", 0, start) + 1) + 1, length=max(1, end - start))


def read_tree(text: str) -> Tree:
    """Read one JSON value that fills the text; raises `NotJsonError`."""
    reader = _Reader(text)
    at = reader.skip(0)
    value, at = reader.value(at, ())
    at = reader.skip(at)
    if at != len(text):
        raise NotJsonError("expected the end of the document", at)
    return Tree(value=value, values=reader.values, keys=reader.keys, again=tuple(reader.again))


class _Reader:
    """One walk over a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.again: list[tuple[Path, tuple[int, int]]] = []

    def skip(self, at: int) -> int:
        """Give the offset of the next character that is no white space."""
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, path: Path) -> tuple[Any, int]:
        """Read the value at an offset and note its span."""
        found, end = self._value(at, path)
        self.values[path] = (at, end)
        return found, end

    def _value(self, at: int, path: Path) -> tuple[Any, int]:
        character = self.text[at : at + 1]
        if character == "{":
            return self._object(at, path)
        if character == "[":
            return self._array(at, path)
        if character == '"':
            return self._string(at)
        match = _SCALAR.match(self.text, at)
        if match is None:
            raise NotJsonError("expected a value", at)
        return json.loads(match.group()), match.end()

    def _string(self, at: int) -> tuple[str, int]:
        if self.text[at : at + 1] != '"':
            raise NotJsonError("expected a name in double quotes", at)
        try:
            found, end = scanstring(self.text, at + 1, True)
        except json.JSONDecodeError as error:
            raise NotJsonError("expected a string that ends on its line", error.pos) from error
        return str(found), int(end)

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "}":
            start = at
            key, at = self._string(at)
            here = (*path, key)
            if key in found:
                self.again.append((here, (start, at)))
            self.keys[here] = (start, at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                raise NotJsonError("expected `:` after a name", at)
            found[key], at = self.value(self.skip(at + 1), here)
            at = self._next(at, "}")
        return found, at + 1

    def _array(self, at: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "]":
            value, at = self.value(at, (*path, len(found)))
            found.append(value)
            at = self._next(at, "]")
        return found, at + 1

    def _next(self, at: int, end: str) -> int:
        """Step over a comma; a comma before the end is an error."""
        at = self.skip(at)
        character = self.text[at : at + 1]
        if character == end:
            return at
        if character != ",":
            raise NotJsonError(f"expected `,` or `{end}`", at)
        after = self.skip(at + 1)
        if self.text[after : after + 1] == end:
            raise NotJsonError("expected no comma before the end", at)
        return after
