"""A policy as it stands in code: nodes with their places, values with their references, definitions with their names."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Style = Literal["hcl", "json", "yaml", "document"]
"""How a container is written: HCL, JSON (a file, a heredoc, a flow of YAML), YAML blocks, or the blocks of `aws_iam_policy_document`."""


class Ref(msgspec.Struct, frozen=True):
    """A reference whose value the code does not tell: what stands there, as it stands there."""

    text: str


Parts = tuple[str | Ref, ...]
"""A text as literal pieces and references."""


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One value. `value` holds parts for a text, else the JSON value; `start` is -1 for one that is not written (a default)."""

    path: str
    start: int
    end: int
    style: Style
    value: Parts | bool | float | int | None


class Opaque(msgspec.Struct, frozen=True, kw_only=True):
    """An expression whose structure cannot be seen (`concat(...)`, `var.statements`): it may be any value, and is never edited."""

    path: str
    start: int
    end: int
    text: str


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """A list. `open`: more may come at run time than is written (`dynamic` blocks, source documents)."""

    path: str
    start: int
    end: int
    style: Style
    items: tuple["Node", ...]
    open: bool = False


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A key with its value; `start` and `end` of the whole, as written."""

    key: str
    start: int
    end: int
    value: "Node"


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping."""

    path: str
    start: int
    end: int
    style: Style
    pairs: tuple[Pair, ...]

    def get(self, key: str) -> "Node | None":
        """Give the value of a key."""
        return next((pair.value for pair in self.pairs if pair.key == key), None)


Node = Leaf | Opaque | Items | Entries


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One policy document in code.

    `address` is what the tool calls it (`module.app.aws_iam_policy.reads`, `AppRole`); `kind` the kind of document, `unknown` where the
    code does not tell; `names` what is known of the thing and of the policy's own name (`thing`, `policy`, `arn`), as parts.
    `tree` is `None` where it cannot be seen (a document that another module makes): `why` then says so.
    """

    address: str
    kind: str
    path: str
    line: int
    tree: Node | None
    names: Mapping[str, Parts] = {}
    why: str = ""
    values: Mapping[str, str] = {}
    """References that may be used where it stands, with their values."""
    notes: tuple[str, ...] = ()
    tool: Literal["terraform", "cloudformation"] = "terraform"
    template: bool = False
    """Whether it stands in a file of its own whose `${...}` Terraform fills in."""


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """A role, bucket, key, ... that is defined in code: beside it a new policy of it is written. `end` is the offset behind its block."""

    address: str
    kind: str
    path: str
    line: int
    end: int
    names: Mapping[str, Parts]
    tool: Literal["terraform", "cloudformation"] = "terraform"
    many: str = ""
    """`count` or `for_each` where it is made several times."""
    where: Node | None = None
    """For a template its `Resources`, into which a new resource goes."""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder defines. `texts` are the files that were read, by their path within the folder; `unread` says which could not be."""

    texts: Mapping[str, str]
    definitions: tuple[Definition, ...] = ()
    things: tuple[Thing, ...] = ()
    values: Mapping[str, str] = {}
    """References whose value is known: `aws_s3_bucket.logs.arn` to its ARN."""
    unread: tuple[str, ...] = ()


class Edit(msgspec.Struct, frozen=True, order=True):
    """Replace what stands from `start` to `end` of a file by `text`."""

    path: str
    start: int
    end: int
    text: str


def line_of(text: str, offset: int) -> int:
    """Give the line of an offset, from 1."""
    return text.count("\n", 0, max(0, offset)) + 1


def plain(parts: Any) -> str | None:
    """Give the text of parts that hold no reference, `None` where they do or where there is no text."""
    if not isinstance(parts, tuple) or any(isinstance(part, Ref) for part in parts):
        return None
    return "".join(str(part) for part in parts)
