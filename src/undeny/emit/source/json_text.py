"""JSON as nodes with their places: a file, a heredoc of HCL with its `${...}`, a flow within YAML.

`iam.document` reads policies as AWS keeps them; this reads what people write them with, where `${...}` may stand for anything.
"""

import json
import re
from collections.abc import Callable
from typing import NoReturn

from undeny.emit.source import hcl
from undeny.emit.source.hcl_model import Expression
from undeny.emit.source.model import Entries, Items, Leaf, Node, Opaque, Pair, Parts, Ref, line_of
from undeny.errors import UndenyError

Evaluate = Callable[[Expression], Parts]
_LITERAL = re.compile(r"true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_SPACE = re.compile(r"\s*")


def read(text: str, span: tuple[int, int], path: str, evaluate: Evaluate | None = None) -> Node:
    """Read the JSON between two offsets of a text. `evaluate` gives what a `${...}` stands for; without it there are none.

    Raises `UndenyError` with file and line for what is no JSON.
    """
    reader = _Reader(text, span, path, evaluate)
    node = reader.value()
    reader.skip()
    if reader.at < span[1]:
        reader.fail("something stands behind its end")
    return node


class _Reader:
    def __init__(self, text: str, span: tuple[int, int], path: str, evaluate: Evaluate | None) -> None:
        self.text, self.path, self.evaluate = text, path, evaluate
        self.at, self.stop = span
        self.depth = 0

    def fail(self, what: str) -> NoReturn:
        line = line_of(self.text, self.at)
        raise UndenyError(f"`{self.path}` line {line} cannot be read as JSON: {what}", code="unreadable-code")

    def skip(self) -> str:
        match = _SPACE.match(self.text, self.at, self.stop)
        self.at = match.end() if match else self.at
        return self.text[self.at : min(self.at + 1, self.stop)]

    def value(self) -> Node:
        sign = self.skip()
        start = self.at
        self.depth += 1
        if self.depth > 100:
            self.fail("it is nested too deeply")
        try:
            if sign == "{":
                return self.entries()
            if sign == "[":
                return self.items()
            if sign == '"':
                return Leaf(path=self.path, start=start, style="json", value=self.string(), end=self.at)
            if self.evaluate is not None and self.text.startswith("${", start):
                _, self.at = hcl.interpolation(self.text, start, self.path)
                return Opaque(path=self.path, start=start, end=self.at, text=self.text[start : self.at])
            literal = _LITERAL.match(self.text, start, self.stop)
            if literal is None:
                self.fail("a value was expected")
            self.at = literal.end()
            return Leaf(path=self.path, start=start, end=self.at, style="json", value=json.loads(literal[0]))
        finally:
            self.depth -= 1

    def entries(self) -> Entries:
        start = self.at
        self.at += 1
        pairs: list[Pair] = []
        while self.skip() != "}":
            at = self.at
            if not self.text.startswith('"', at):
                self.fail("a key in quotes was expected")
            key = "".join(str(part) for part in self.string())
            if self.skip() != ":":
                self.fail("`:` was expected")
            self.at += 1
            value = self.value()
            pairs.append(Pair(key=key, start=at, end=value.end, value=value))
            self.comma("}")
        self.at += 1
        return Entries(path=self.path, start=start, end=self.at, style="json", pairs=tuple(pairs))

    def items(self) -> Items:
        start = self.at
        self.at += 1
        found: list[Node] = []
        while self.skip() != "]":
            found.append(self.value())
            self.comma("]")
        self.at += 1
        return Items(path=self.path, start=start, end=self.at, style="json", items=tuple(found))

    def comma(self, closing: str) -> None:
        sign = self.skip()
        if sign == ",":
            self.at += 1
            if self.skip() == closing:
                self.fail(f"`{closing}` behind a comma")
        elif sign != closing:
            self.fail(f"`,` or `{closing}` was expected")

    def string(self) -> Parts:
        self.at += 1
        parts: list[str | Ref] = []
        literal = ""
        while not self.text.startswith('"', self.at):
            if self.at >= self.stop:
                self.fail("a text does not end")
            if self.evaluate is not None and self.text.startswith(("$${", "%%{"), self.at):
                literal += self.text[self.at] + "{"
                self.at += 3
            elif self.evaluate is not None and self.text.startswith("${", self.at):
                expression, self.at = hcl.interpolation(self.text, self.at, self.path)
                parts += [self.unescaped(literal), *self.evaluate(expression)]
                literal = ""
            else:
                size = 2 if self.text[self.at] == "\\" else 1
                literal += self.text[self.at : self.at + size]
                self.at += size
        self.at += 1
        return tuple(part for part in (*parts, self.unescaped(literal)) if part != "") or ("",)

    def unescaped(self, literal: str) -> str:
        try:
            return str(json.loads(f'"{literal}"', strict=False))
        except ValueError:
            self.fail("a text has an escape that JSON does not know")
