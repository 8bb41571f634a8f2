"""Where in a text something is put in or taken out, so that lines, commas and comments around it stay right."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from undeny.emit.source.model import Edit, Entries, Items, Node, Pair

_COMMA = re.compile(r"\s*,")
_REST = re.compile(r"[ \t]*,?[ \t]*(?:(?:#|//)[^\n]*)?\r?$")
Body = Callable[[str, bool], str]
"""Gives the new element for an indent, and whether it has to stand on one line."""


def indent_at(text: str, offset: int) -> str:
    """Give the white space at the beginning of an offset's line."""
    start = text.rfind("\n", 0, offset) + 1
    return re.match(r"[ \t]*", text[start:])[0]  # type: ignore[index] # matches every text


def column(text: str, offset: int) -> str:
    """Give white space as wide as what stands before an offset on its line."""
    return " " * (offset - text.rfind("\n", 0, offset) - 1)


def end_of_line(text: str, offset: int) -> int:
    """Give the offset of the line break behind an offset."""
    found = text.find("\n", offset)
    if found < 0:
        return len(text)
    return found - 1 if found > offset and text[found - 1] == "\r" else found


def next_line(text: str, offset: int) -> int:
    """Give the offset at which the line behind an offset's line begins."""
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1


def elements(container: Items | Entries) -> tuple[Node | Pair, ...]:
    """Give what a container holds and what of it is written."""
    held: tuple[Any, ...] = container.items if isinstance(container, Items) else container.pairs
    return tuple(one for one in held if one.start >= 0)


def put_in(text: str, container: Items | Entries, after: int, body: Body) -> list[Edit]:
    """Put a new element behind the `after`th written one (-1: before the first)."""
    held = elements(container)
    if container.style == "yaml":
        return [_in_yaml(text, container, held, after, body)]
    lines = "\n" in text[container.start : container.end]
    if not held:
        return [_into_empty(text, container, body)]
    if after < 0:
        at = held[0].start
        sign = "," if _needs_commas(container) or not lines else ""
        indent = column(text, at) if lines and not text[:at].rpartition("\n")[2].strip() else indent_at(text, at)
        return [Edit(container.path, at, at, body(indent, not lines) + sign + (f"\n{indent}" if lines else " "))]
    last = held[after]
    if not lines:
        return [Edit(container.path, last.end, last.end, ", " + body("", True))]
    return _behind(text, container, last, body, more=after < len(held) - 1)


def _behind(text: str, container: Items | Entries, last: Node | Pair, body: Body, *, more: bool) -> list[Edit]:
    indent = indent_at(text, last.start)
    comma = _COMMA.match(text, last.end)
    end = end_of_line(text, comma.end() if comma else last.end)
    shared = end >= container.end  # the closing bracket stands on the same line
    needed = _needs_commas(container)
    if comma:
        at = comma.end() if shared else end
        trailing = "," if more or (needed and not shared) else ""
        return [Edit(container.path, at, at, f"\n{indent}{body(indent, False)}{trailing}")]
    if shared:
        return [Edit(container.path, last.end, last.end, f"{',' if needed else ''}\n{indent}{body(indent, False)}")]
    edits = [Edit(container.path, last.end, last.end, ",")] if needed else []
    return [*edits, Edit(container.path, end, end, f"\n{indent}{body(indent, False)}")]


def _needs_commas(container: Items | Entries) -> bool:
    return container.style == "json" or isinstance(container, Items)


def _into_empty(text: str, container: Items | Entries, body: Body) -> Edit:
    base = indent_at(text, container.start)
    opening, closing = text[container.start], text[container.end - 1]
    return Edit(container.path, container.start, container.end, f"{opening}\n{base}  {body(base + '  ', False)}\n{base}{closing}")


def _in_yaml(text: str, container: Items | Entries, held: tuple[Node | Pair, ...], after: int, body: Body) -> Edit:
    indent = column(text, container.start)
    if not held:
        return Edit(container.path, container.start, container.end, body(indent, False))
    if after < 0:
        return Edit(container.path, container.start, container.start, f"{body(indent, False)}\n{indent}")
    end = end_of_line(text, held[after].end)
    return Edit(container.path, end, end, f"\n{indent}{body(indent, False)}")


def take_out(text: str, container: Items | Entries, gone: Sequence[int]) -> list[Edit]:
    """Take out written elements, each with the lines that it has for itself."""
    held = elements(container)
    edits = [edit for index in gone for edit in _taken(text, container, index)]
    left = [index for index in range(len(held)) if index not in gone]
    if container.style == "json" and left and left[-1] < len(held) - 1:
        before = held[left[-1]].end
        comma = _COMMA.match(text, before)
        edits += [Edit(container.path, before, comma.end(), "")] if comma else []
    return edits


def _taken(text: str, container: Items | Entries, index: int) -> list[Edit]:
    held = elements(container)
    one = held[index]
    start = _first(text, container, one)
    head = text.rfind("\n", 0, start) + 1
    if container.style == "yaml" or (not text[head:start].strip() and _REST.match(text[one.end : end_of_line(text, one.end)])):
        return [Edit(container.path, head, next_line(text, one.end), "")]
    if index < len(held) - 1:
        return [Edit(container.path, one.start, held[index + 1].start, "")]
    return [Edit(container.path, held[index - 1].end if index else one.start, one.end, "")]


def _first(text: str, container: Items | Entries, one: Node | Pair) -> int:
    """Give where an element begins, for an item of YAML at its dash."""
    if container.style != "yaml" or isinstance(container, Entries):
        return one.start
    return text.rfind("-", 0, one.start)
