"""What HCL is made of: blocks, attributes and expressions, each with its place in the text."""

import msgspec


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A quoted text or heredoc: literal pieces and the expressions of its `${...}`. `inner`: the offsets of what is between its marks."""

    start: int
    end: int
    parts: tuple["str | Expression", ...]
    inner: tuple[int, int]
    heredoc: bool = False


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A number, `true`, `false` or `null`."""

    start: int
    end: int
    value: bool | float | int | None


class List(msgspec.Struct, frozen=True, kw_only=True):
    """A list."""

    start: int
    end: int
    items: tuple["Expression", ...]


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """An object: keys (`None` for one that is computed) with their start and their values."""

    start: int
    end: int
    pairs: tuple[tuple[str | None, int, "Expression"], ...]


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call of a function."""

    start: int
    end: int
    name: str
    arguments: tuple["Expression", ...]


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A traversal: `var.name`, `aws_s3_bucket.logs[0].arn`."""

    start: int
    end: int
    text: str


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Any other expression, as text."""

    start: int
    end: int
    text: str


Expression = Text | Value | List | Object | Call | Reference | Other


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """`name = expression`."""

    name: str
    start: int
    end: int
    value: Expression


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A block: its type and labels, what it holds, and where its body begins and ends (inside the braces)."""

    type: str
    labels: tuple[str, ...]
    start: int
    end: int
    inner: tuple[int, int]
    attributes: tuple[Attribute, ...]
    blocks: tuple["Block", ...]

    def attribute(self, name: str) -> Expression | None:
        """Give the value of an attribute."""
        return next((one.value for one in self.attributes if one.name == name), None)
