"""The edits that make a policy in code say another document: what says it already is not touched."""

from collections.abc import Mapping, Sequence
from typing import Any

from undeny.emit.source import blocks, places
from undeny.emit.source.model import Edit, Entries, Items, Leaf, Node, Opaque, Pair, line_of
from undeny.emit.source.unify import Known, matched, trial
from undeny.emit.source.writing import Kept, Names, key, write
from undeny.errors import UndenyError

Trail = tuple[str, ...]


class Conforming:
    """Gives the edits after which a node is a document. `known` is what references stand for, learned from what AWS holds."""

    def __init__(self, known: Known, texts: Mapping[str, str], names: Names) -> None:
        self.known, self.texts, self.names = known, texts, names

    def edits(self, node: Node, wanted: Any, trail: Trail = ()) -> list[Edit]:
        """Give the edits. Raises `UndenyError` where an expression that cannot be seen would have to change."""
        if trial(node, wanted, self.known) is not None:
            return []
        if isinstance(node, Opaque):
            raise _closed(node, self.texts[node.path])
        if isinstance(node, Leaf):
            return [self._leaf(node, wanted)]
        if isinstance(node, Items):
            return self._items(node, wanted if isinstance(wanted, list) else [wanted], trail)
        value = wanted[0] if isinstance(wanted, list) and len(wanted) == 1 else wanted
        if isinstance(value, dict):
            return self._entries(node, value, trail)
        return [self._whole(node, wanted)]

    def _leaf(self, node: Leaf, wanted: Any) -> Edit:
        text = self.texts[node.path]
        value = wanted
        if isinstance(wanted, list):
            kept = Kept(text[node.start : node.end])
            value = [kept if trial(node, one, self.known) is not None else one for one in wanted]
        return self._replacing(node, value)

    def _whole(self, node: Entries, wanted: Any) -> Edit:
        text = self.texts[node.path]
        if node.style == "document":
            return blocks.instead(text, node, wanted, self.names)
        if node.style == "yaml":
            indent = places.column(text, node.start)
            return Edit(node.path, node.start, node.end, write(wanted, "yaml", indent, self.names).removeprefix(indent))
        return self._replacing(node, wanted)

    def _replacing(self, node: Leaf | Entries, value: Any) -> Edit:
        text, start = self.texts[node.path], node.start
        indent = places.indent_at(text, start)
        if node.style == "yaml" and isinstance(value, list | dict):
            start = len(text[:start].rstrip(" "))
            indent += "  " if not text[:start].rpartition("\n")[2].lstrip().startswith("- ") else "    "
            return Edit(node.path, start, node.end, "\n" + write(value, "yaml", indent, self.names))
        inline = isinstance(node, Entries) and "\n" not in text[node.start : node.end]
        return Edit(node.path, start, node.end, write(value, node.style, indent, self.names, inline=inline))

    def _alike(self, node: Node, wanted: Any) -> bool:
        """Whether a statement is that one changed, and not another one."""
        if not isinstance(node, Entries) or not isinstance(wanted, dict):
            return True
        same = [pair.key for pair in node.pairs if pair.key in wanted and trial(pair.value, wanted[pair.key], self.known) is not None]
        return "Sid" in same or 2 * len(same) >= min(len(wanted), len(node.pairs))

    # ---- lists

    def _items(self, node: Items, wanted: list[Any], trail: Trail) -> list[Edit]:
        if all(isinstance(item, Leaf | Opaque) for item in node.items) and not any(isinstance(value, dict) for value in wanted):
            return self._texts(node, wanted)
        pairs = _in_order(node.items, wanted, self.known)
        edits: list[Edit] = []
        at, rest = -1, list(wanted)
        done = 0
        for i, j in (*pairs, (len(node.items), len(wanted))):
            free, new = list(range(at + 1, i)), rest[done:j]
            for index, value in zip(free, new, strict=False):
                edits += self._item(node.items[index], value, trail)
            edits += self._take_out(node, free[len(new) :])
            for value in new[len(free) :]:
                edits += self._put_in(node, min(i, len(node.items)) - 1, value)
            at, done = i, j + 1
        return edits

    def _texts(self, node: Items, wanted: list[Any]) -> list[Edit]:
        known = dict(self.known)
        found = matched(node.items, wanted, known)
        gone = [i for i in range(len(node.items)) if i not in found]
        new = [value for j, value in enumerate(wanted) if j not in found.values()]
        edits: list[Edit] = []
        for index, value in zip(gone, new, strict=False):
            edits += self.edits(node.items[index], value)
        edits += self._take_out(node, gone[len(new) :])
        for value in new[len(gone) :]:
            edits += self._put_in(node, len(node.items) - 1, value)
        return edits

    def _item(self, item: Node, value: Any, trail: Trail) -> list[Edit]:
        if isinstance(item, Entries) and not self._alike(item, value):
            return [self._whole(item, value)]
        return self.edits(item, value, trail)

    def _take_out(self, node: Items, gone: list[int]) -> list[Edit]:
        text = self.texts[node.path]
        for index in gone:
            if isinstance(node.items[index], Opaque):
                raise _closed(node.items[index], text)
        if node.style == "document":
            return [blocks.take_out(text, node.path, (node.items[index].start, node.items[index].end)) for index in gone]
        return places.take_out(text, node, gone)

    def _put_in(self, node: Items, after: int, value: Any) -> list[Edit]:
        text = self.texts[node.path]
        if node.style == "document":
            return [blocks.new_statement(text, node, after, value, self.names)]

        def body(indent: str, inline: bool) -> str:  # noqa: FBT001 - the shape of `places.Body`
            if node.style == "yaml":
                return "- " + write(value, "yaml", indent + "  ", self.names).removeprefix(indent + "  ")
            return write(value, node.style, indent, self.names, inline=inline)

        return places.put_in(text, node, after, body)

    # ---- mappings

    def _entries(self, node: Entries, wanted: Mapping[str, Any], trail: Trail) -> list[Edit]:
        if node.style == "document":
            return blocks.entries(self, node, wanted, trail)
        written = [pair for pair in node.pairs if pair.start >= 0]
        gone = [index for index, pair in enumerate(written) if pair.key not in wanted]
        new = [name for name in wanted if name not in {pair.key for pair in node.pairs}]
        if new and written and len(gone) == len(written):
            return [self._whole(node, wanted)]
        edits: list[Edit] = []
        for pair in node.pairs:
            if pair.key in wanted:
                edits += self.edits(pair.value, wanted[pair.key], (*trail, pair.key))
        for index, name in zip(gone, new, strict=False):
            edits.append(self._pair_instead(node, written[index], name, wanted[name]))
        edits += places.take_out(self.texts[node.path], node, gone[len(new) :]) if gone[len(new) :] else []
        for name in new[len(gone) :]:
            edits += self._new_pair(node, _place_for(name, list(wanted), written), name, wanted[name])
        return edits

    def _pair_instead(self, node: Entries, pair: Pair, name: str, value: Any) -> Edit:
        text = self.texts[node.path]
        indent = places.column(text, pair.start) if node.style == "yaml" else places.indent_at(text, pair.start)
        if node.style == "yaml":
            return Edit(node.path, pair.start, pair.end, write({name: value}, "yaml", indent, self.names).removeprefix(indent))
        inline = "\n" not in text[node.start : node.end]
        sign = key(name, node.style) if node.style != "hcl" or inline else _lined_up(text, node, key(name, "hcl"))
        return Edit(node.path, pair.start, pair.end, sign + write(value, node.style, indent, self.names, inline=inline))

    def _new_pair(self, node: Entries, after: int, name: str, value: Any) -> list[Edit]:
        text = self.texts[node.path]

        def body(indent: str, inline: bool) -> str:  # noqa: FBT001 - the shape of `places.Body`
            if node.style == "yaml":
                return write({name: value}, "yaml", indent, self.names).removeprefix(indent)
            sign = key(name, node.style)
            if node.style == "hcl" and not inline:
                sign = _lined_up(text, node, sign)
            return sign + write(value, node.style, indent, self.names, inline=inline)

        return places.put_in(text, node, after, body)


def _place_for(name: str, order: list[str], written: Sequence[Pair]) -> int:
    """Give the index of the pair behind which a new one goes: the nearest that stands before it in the document."""
    before = order[: order.index(name)]
    there = [pair.key for pair in written]
    return max((there.index(one) for one in before if one in there), default=len(there) - 1)


def _lined_up(text: str, node: Entries, sign: str) -> str:
    """Put the sign of a new attribute below that of its neighbours, where it fits."""
    name = sign.removesuffix(" = ")
    places_ = [
        text.find("=", pair.start) - text.rfind("\n", 0, pair.start) for pair in node.pairs if "\n" not in text[pair.start : pair.end]
    ]
    indents = [pair.start - text.rfind("\n", 0, pair.start) for pair in node.pairs if "\n" not in text[pair.start : pair.end]]
    wide = (places_[0] - indents[0] - 1) if places_ and len(set(places_)) == 1 else 0
    return f"{name:<{wide}} = "


def _in_order(items: Sequence[Node], wanted: Sequence[Any], known: Known) -> list[tuple[int, int]]:
    """Give the longest run of items that are already what is wanted, in order: (index of the item, index of the value)."""
    same = [[trial(item, value, known) is not None for value in wanted] for item in items]
    best: list[list[int]] = [[0] * (len(wanted) + 1) for _ in range(len(items) + 1)]
    for i in range(len(items) - 1, -1, -1):
        for j in range(len(wanted) - 1, -1, -1):
            best[i][j] = best[i + 1][j + 1] + 1 if same[i][j] else max(best[i + 1][j], best[i][j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(items) and j < len(wanted):
        if same[i][j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _closed(node: Node, text: str) -> UndenyError:
    shown = " ".join(text[node.start : node.end].split())
    return UndenyError(
        f"`{node.path}` line {line_of(text, node.start)}: `{shown[:60]}` would have to change, and what it stands for is not in the code",
        code="not-in-reach",
        help=("the change itself: undeny fix --as terraform",),
    )
