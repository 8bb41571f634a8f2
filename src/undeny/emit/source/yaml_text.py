"""YAML as nodes with their places, with the short intrinsics of CloudFormation (`!Sub`, `!GetAtt`, ...) written out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from typing import Any

import yaml

from undeny.emit.source.model import Entries, Items, Leaf, Node, Pair, Style
from undeny.errors import UndenyError

_LONG = {"Ref": "Ref", "Condition": "Condition"}


class Intrinsic(Entries, frozen=True, kw_only=True):
    """A short intrinsic, as the mapping that it stands for; edited as one value."""


def read(text: str, path: str) -> Node:
    """Read a template of YAML or JSON. Raises `UndenyError` with file and line for what is none."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = str(getattr(error, "problem", None) or "it is no YAML")
        raise UndenyError(f"`{path}` line {line} cannot be read as YAML: {problem}", code="unreadable-code") from error
    if root is None:
        raise UndenyError(f"`{path}` is empty", code="unreadable-code")
    return _Reader(text, path).node(root)


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.text, self.path, self.flow = text, path, 0

    def node(self, one: Any) -> Node:
        flows = bool(getattr(one, "flow_style", False))
        self.flow += flows
        try:
            return self.tagged(one, "json" if self.flow else "yaml")
        finally:
            self.flow -= flows

    def tagged(self, one: Any, style: Style) -> Node:
        start, end = one.start_mark.index, self.end(one)
        tag = str(one.tag)
        bare = self.bare(one, style, start, end)
        if not tag.startswith("!") or tag == "!":
            return bare
        name = tag[1:]
        key = _LONG.get(name, f"Fn::{name}")
        value = _attribute(bare) if name == "GetAtt" else bare
        return Intrinsic(
            path=self.path, start=start, end=end, style=style, pairs=(Pair(key=key, start=start, end=end, value=value),)
        )  # fmt: skip

    def bare(self, one: Any, style: Style, start: int, end: int) -> Node:
        if isinstance(one, yaml.MappingNode):
            pairs = tuple(
                Pair(key=str(key.value), start=key.start_mark.index, end=max(key.end_mark.index, self.end(value)), value=self.node(value))
                for key, value in one.value
            )
            return Entries(path=self.path, start=start, end=end, style=style, pairs=pairs)
        if isinstance(one, yaml.SequenceNode):
            return Items(path=self.path, start=start, end=end, style=style, items=tuple(self.node(item) for item in one.value))
        value = _scalar(one)
        return Leaf(path=self.path, start=start, end=end, style=style, value=(value,) if isinstance(value, str) else value)

    def end(self, one: Any) -> int:
        """Give where a node ends: the reader's own mark of a block stands behind the comments that follow it."""
        if isinstance(one, yaml.ScalarNode):
            end: int = one.end_mark.index
            return len(self.text[:end].rstrip()) if one.style in ("|", ">") else end
        if getattr(one, "flow_style", False) or not one.value:
            return int(one.end_mark.index)
        last = one.value[-1]
        return max(last[0].end_mark.index, self.end(last[1])) if isinstance(last, tuple) else self.end(last)


def _scalar(one: Any) -> str | bool | int | float | None:
    tag = str(one.tag).rpartition(":")[2]
    text = str(one.value)
    if tag == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if tag == "int" and text.isdigit() and (text == "0" or not text.startswith("0")):
        return int(text)
    return None if tag == "null" else text


def _attribute(node: Node) -> Node:
    """Write `!GetAtt Thing.Arn` as the list that the long form takes."""
    if not isinstance(node, Leaf) or not isinstance(node.value, tuple):
        return node
    thing, _, attribute = "".join(str(part) for part in node.value).partition(".")
    leaves = tuple(Leaf(path=node.path, start=node.start, end=node.end, style="yaml", value=(one,)) for one in (thing, attribute))
    return Items(path=node.path, start=node.start, end=node.end, style="yaml", items=leaves)
