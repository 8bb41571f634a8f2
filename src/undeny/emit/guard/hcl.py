"""Terraform's language written from values: strings quoted, expressions as they are, policies as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.iam import write


class Raw(msgspec.Struct, frozen=True):
    """An expression that stands as it is: `var.topic_arn`."""

    text: str


class Json(msgspec.Struct, frozen=True):
    """A value that becomes JSON; `Raw` within it stays an expression."""

    value: Any


class Block(msgspec.Struct, frozen=True):
    """A nested block, `metric_query { ... }`."""

    name: str
    body: Mapping[str, Any]


class Text(msgspec.Struct, frozen=True):
    """A text of several lines, as a heredoc: at the line's beginning, so that nothing of it is taken for indentation."""

    text: str


def block(kind: str, *labels: str, body: Mapping[str, Any], inner: tuple[Block, ...] = ()) -> str:
    """Write a block: `resource "aws_x" "y" { ... }`."""
    head = " ".join([kind, *(write.dump(label) for label in labels)])
    return "\n".join([f"{head} {{", *_body(body, inner, "  "), "}"])


def _body(body: Mapping[str, Any], inner: tuple[Block, ...], indent: str) -> Iterator[str]:
    wide = max((len(name) for name, held in body.items() if not _tall(held)), default=0)
    for name, held in body.items():
        padded = name if _tall(held) else f"{name:<{wide}}"
        yield f"{indent}{padded} = {value(held, indent)}"
    for one in inner:
        yield ""
        yield f"{indent}{one.name} {{"
        plain = {name: held for name, held in one.body.items() if not isinstance(held, Block)}
        nested = tuple(held for held in one.body.values() if isinstance(held, Block))
        yield from _body(plain, nested, f"{indent}  ")
        yield f"{indent}}}"


def _tall(held: Any) -> bool:
    return isinstance(held, (Json, Text)) or (isinstance(held, Mapping) and bool(held))


def value(held: Any, indent: str = "") -> str:
    """Write a value.

    >>> value("a${b}"), value(Raw("var.x")), value([1, True])
    ('"a$${b}"', 'var.x', '[1, true]')
    """
    if isinstance(held, Raw):
        return held.text
    if isinstance(held, Text):
        body = held.text.replace("${", "$${").replace("%{", "%%{").rstrip()
        return f"<<TEXT\n{body}\nTEXT"
    if isinstance(held, Json):
        return f"jsonencode({value(held.value, indent)})"
    if isinstance(held, Mapping):
        inside = f"{indent}  "
        rows = [f"{inside}{_key(name)} = {value(one, inside)}" for name, one in held.items()]
        return "\n".join(["{", *rows, f"{indent}}}"]) if rows else "{}"
    if isinstance(held, (list, tuple)):
        one_line = "[" + ", ".join(value(one, indent) for one in held) + "]"
        if "\n" not in one_line and len(one_line) < 110:
            return one_line
        inside = f"{indent}  "
        return "\n".join(["[", *(f"{inside}{value(one, inside)}," for one in held), f"{indent}]"])
    if isinstance(held, str):
        return quoted(held)
    return write.minify(held)


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and not name[0].isdigit() else write.dump(name)


def quoted(text: str) -> str:
    """Write a text in quotation marks, so that nothing in it is taken for an expression.

    https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
    """
    return write.dump(text).replace("${", "$${").replace("%{", "%%{")
