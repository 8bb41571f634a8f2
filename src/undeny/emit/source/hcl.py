"""HCL as blocks, attributes and expressions with their places. What is no literal, list, object, call or reference stays as text.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

import re
from collections.abc import Callable
from typing import NoReturn

from undeny.emit.source.hcl_model import Attribute, Block, Call, Expression, List, Object, Other, Reference, Text, Value
from undeny.emit.source.model import line_of
from undeny.errors import UndenyError

_SPACE = re.compile(r"(?:[ \t\r]|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SPACE_AND_LINES = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_HEREDOC = re.compile(r"<<(-?)([A-Za-z_][\w-]*)\r?\n")
_OPERATOR = re.compile(r"\?|==|!=|<=|>=|&&|\|\||[+\-*/%<>]|=>|\.\.\.")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DEEPEST = 200


def interpolation(text: str, start: int, path: str) -> tuple[Expression, int]:
    """Read the `${...}` or `%{...}` that begins at `start`; gives the expression and the offset behind it."""
    parser = _Parser(text, path)
    parser.at = start
    return parser.interpolation(text[start : start + 2]), parser.at


def parse(text: str, path: str) -> Block:
    """Read a file as one block without a type. Raises `UndenyError` with file and line for what is no HCL."""
    return _Parser(text, path).file()


class _Parser:
    def __init__(self, text: str, path: str) -> None:
        self.text, self.path, self.at, self.depth = text, path, 0, 0

    def fail(self, what: str) -> NoReturn:
        line = line_of(self.text, self.at)
        raise UndenyError(f"`{self.path}` line {line} cannot be read as HCL: {what}", code="unreadable-code")

    def skip(self, pattern: re.Pattern[str] = _SPACE_AND_LINES) -> str:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def take(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            self.fail(f"`{sign}` was expected")
        self.at += len(sign)

    def file(self) -> Block:
        self.at = 1 if self.text.startswith("\ufeff") else 0
        attributes, blocks = self.body("")
        return Block(type="", labels=(), start=0, end=self.at, inner=(0, self.at), attributes=attributes, blocks=blocks)

    def body(self, closing: str) -> tuple[tuple[Attribute, ...], tuple[Block, ...]]:
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        while True:
            sign = self.skip()
            if sign == closing:
                return tuple(attributes), tuple(blocks)
            name = _NAME.match(self.text, self.at)
            if name is None:
                self.fail("a name was expected" if sign else "it ends too early")
            start, self.at = self.at, name.end()
            if self.skip(_SPACE) == "=" and not self.text.startswith("==", self.at):
                self.at += 1
                self.skip(_SPACE)
                value = self.expression(lines=False)
                attributes.append(Attribute(name=name[0], start=start, end=value.end, value=value))
            else:
                blocks.append(self.block(name[0], start))

    def block(self, kind: str, start: int) -> Block:
        labels: list[str] = []
        while (sign := self.skip(_SPACE)) != "{":
            label = _NAME.match(self.text, self.at)
            if sign == '"':
                quoted = self.quoted()
                labels.append("".join(part if isinstance(part, str) else "" for part in quoted.parts))
            elif label:
                labels.append(label[0])
                self.at = label.end()
            else:
                self.fail("a block or `=` was expected")
        self.at += 1
        self.deeper()
        inner = self.at
        attributes, blocks = self.body("}")
        self.at += 1
        self.depth -= 1
        return Block(
            type=kind, labels=tuple(labels), start=start, end=self.at, inner=(inner, self.at - 1),
            attributes=attributes, blocks=blocks,
        )  # fmt: skip

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail("it is nested too deeply")

    def expression(self, *, lines: bool) -> Expression:
        """Read an expression; `lines`: it stands in brackets, where a line break ends nothing."""
        start = self.at
        found = self.primary()
        end = self.at
        while True:
            sign = self.skip(_SPACE_AND_LINES if lines else _SPACE)
            operator = _OPERATOR.match(self.text, self.at)
            if not sign or operator is None or self.text.startswith(("=>", "..."), self.at):
                self.at = end
                return found if found.end == end and found.start == start else Other(start=start, end=end, text=self.text[start:end])
            self.at = operator.end()
            self.skip()
            self.primary()
            if operator[0] == "?":
                self.skip()
                self.take(":")
                self.skip()
                self.expression(lines=lines)
            end = self.at
            found = Other(start=start, end=end, text=self.text[start:end])

    def primary(self) -> Expression:
        self.deeper()
        start, sign = self.at, self.text[self.at : self.at + 1]
        found: Expression
        if sign == '"':
            found = self.quoted()
        elif self.text.startswith("<<", self.at):
            found = self.heredoc()
        elif sign == "[":
            found = self.list()
        elif sign == "{":
            found = self.object()
        elif sign == "(":
            found = self.grouped()
        elif sign == "!" or (sign == "-" and not _NUMBER.match(self.text, self.at)):
            self.at += 1
            self.skip(_SPACE)
            self.primary()
            found = Other(start=start, end=self.at, text=self.text[start : self.at])
        else:
            found = self.word()
        self.depth -= 1
        return self.postfix(found)

    def grouped(self) -> Expression:
        start = self.at
        self.at += 1
        self.skip()
        self.expression(lines=True)
        self.skip()
        self.take(")")
        return Other(start=start, end=self.at, text=self.text[start : self.at])

    def word(self) -> Expression:
        start = self.at
        number = _NUMBER.match(self.text, start)
        if number:
            self.at = number.end()
            told = float(number[0])
            return Value(start=start, end=self.at, value=int(told) if told.is_integer() else told)
        name = _NAME.match(self.text, start)
        if name is None:
            self.fail("a value was expected")
        self.at = name.end()
        if name[0] in ("true", "false", "null"):
            return Value(start=start, end=self.at, value={"true": True, "false": False, "null": None}[name[0]])
        while self.text.startswith("::", self.at):
            part = _NAME.match(self.text, self.at + 2)
            self.at = part.end() if part else self.at + 2
        if self.text.startswith("(", self.at):
            return self.call(start)
        return Reference(start=start, end=self.at, text=name[0])

    def call(self, start: int) -> Call:
        name = self.text[start : self.at]
        self.at += 1
        arguments: list[Expression] = []
        while self.skip() != ")":
            arguments.append(self.expression(lines=True))
            if self.skip() == ".":
                self.take("...")
            elif self.text.startswith(",", self.at):
                self.at += 1
        self.at += 1
        return Call(start=start, end=self.at, name=name, arguments=tuple(arguments))

    def postfix(self, found: Expression) -> Expression:
        start = found.start
        while True:
            sign = self.text[self.at : self.at + 1]
            name = re.compile(r"\.(?:[A-Za-z_][\w-]*|\d+|\*)").match(self.text, self.at)
            if name:
                self.at = name.end()
            elif sign == "[":
                self.at += 1
                if self.skip() == "*":
                    self.at += 1
                else:
                    self.expression(lines=True)
                self.skip()
                self.take("]")
            else:
                return found
            told = self.text[start : self.at]
            plain = isinstance(found, Reference)
            found = Reference(start=start, end=self.at, text=told) if plain else Other(start=start, end=self.at, text=told)

    def list(self) -> Expression:
        start = self.at
        self.at += 1
        if self.skip() and self.loops():
            return self.comprehension(start, "]")
        items: list[Expression] = []
        while self.skip() != "]":
            items.append(self.expression(lines=True))
            if self.skip() == ",":
                self.at += 1
            elif self.text[self.at : self.at + 1] != "]":
                self.fail("`,` or `]` was expected")
        self.at += 1
        return List(start=start, end=self.at, items=tuple(items))

    def loops(self) -> bool:
        return re.compile(r"for\b").match(self.text, self.at) is not None

    def comprehension(self, start: int, closing: str) -> Expression:
        """Skip a `for` expression up to the bracket that closes it."""
        depth = 0
        while True:
            sign = self.skip()
            if not sign:
                self.fail("it ends too early")
            if sign == '"':
                self.quoted()
                continue
            if self.text.startswith("<<", self.at) and _HEREDOC.match(self.text, self.at):
                self.heredoc()
                continue
            self.at += 1
            if sign in "[{(":
                depth += 1
            elif sign in "]})":
                if depth == 0 and sign == closing:
                    return Other(start=start, end=self.at, text=self.text[start : self.at])
                depth -= 1

    def object(self) -> Expression:
        start = self.at
        self.at += 1
        if self.skip() and self.loops():
            return self.comprehension(start, "}")
        pairs: list[tuple[str | None, int, Expression]] = []
        while self.skip() != "}":
            at = self.at
            key = self.primary()
            if self.skip() not in ("=", ":"):
                self.fail("`=` was expected")
            self.at += 1
            self.skip()
            pairs.append((_key(key), at, self.expression(lines=False)))
            if self.skip() == ",":
                self.at += 1
        self.at += 1
        return Object(start=start, end=self.at, pairs=tuple(pairs))

    def quoted(self) -> Text:
        start = self.at
        self.at += 1
        parts = self.template(lambda: self.text.startswith('"', self.at), escapes=True)
        inner = (start + 1, self.at)
        self.at += 1
        return Text(start=start, end=self.at, parts=parts, inner=inner)

    def heredoc(self) -> Text:
        start = self.at
        match = _HEREDOC.match(self.text, self.at)
        if match is None:
            self.fail("a heredoc was expected")
        self.at = match.end()
        closing = re.compile(rf"^[ \t]*{re.escape(match[2])}(?=\s|$)", re.MULTILINE)
        close = closing.search(self.text, self.at)
        if close is None:
            self.fail(f"the heredoc does not end: `{match[2]}` is missing")
        inner = (self.at, close.start())
        parts = self.template(lambda: self.at >= close.start(), escapes=False)
        self.at = close.end()
        return Text(start=start, end=self.at, parts=parts, inner=inner, heredoc=True)

    def template(self, ends: Callable[[], bool], *, escapes: bool) -> tuple["str | Expression", ...]:
        parts: list[str | Expression] = []
        literal = ""
        while not ends():
            if self.at >= len(self.text) or (escapes and self.text[self.at] == "\n"):
                self.fail("the text does not end")
            two = self.text[self.at : self.at + 2]
            if self.text.startswith(("$${", "%%{"), self.at):
                literal += self.text[self.at] + "{"
                self.at += 3
            elif two in ("${", "%{"):
                parts += [literal, self.interpolation(two)]
                literal = ""
            elif escapes and two[:1] == "\\":
                literal += self.escape()
            else:
                literal += self.text[self.at]
                self.at += 1
        return (*parts, literal)

    def interpolation(self, sign: str) -> Expression:
        start = self.at
        self.at += 2
        if sign == "%{":
            self.at = self.text.find("}", self.at) + 1 or len(self.text)
            return Other(start=start, end=self.at, text=self.text[start : self.at])
        if self.text.startswith("~", self.at):
            self.at += 1
        self.skip()
        found = self.expression(lines=True)
        self.skip()
        if self.text.startswith("~", self.at):
            self.at += 1
        self.take("}")
        return found

    def escape(self) -> str:
        sign = self.text[self.at + 1 : self.at + 2]
        long = {"u": 4, "U": 8}.get(sign)
        if long:
            told = self.text[self.at + 2 : self.at + 2 + long]
            self.at += 2 + long
            return chr(int(told, 16)) if re.fullmatch(r"[0-9A-Fa-f]+", told) and int(told, 16) < 0x110000 else ""
        if sign not in _ESCAPES:
            self.fail(f"`\\{sign}` is no escape")
        self.at += 2
        return _ESCAPES[sign]


def _key(found: Expression) -> str | None:
    if isinstance(found, Reference):
        return found.text
    if isinstance(found, Text) and all(isinstance(part, str) for part in found.parts):
        return "".join(str(part) for part in found.parts)
    return str(found.value) if isinstance(found, Value) else None
