"""The blocks of `aws_iam_policy_document`: read as the statements that they make, and edited as blocks.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from undeny.emit.source import places
from undeny.emit.source.hcl_model import Block, Expression
from undeny.emit.source.model import Edit, Entries, Items, Leaf, Node, Pair
from undeny.emit.source.writing import Names, aligned, write

if TYPE_CHECKING:
    from undeny.emit.source.conform import Conforming, Trail

ATTRIBUTES = {
    "sid": "Sid", "effect": "Effect", "actions": "Action", "not_actions": "NotAction", "resources": "Resource",
    "not_resources": "NotResource",
}  # fmt: skip
_OF = {element: name for name, element in ATTRIBUTES.items()}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}
_BLOCKS = {element: name for name, element in _PRINCIPALS.items()}
Tree = Callable[[Expression], Node]


def document(block: Block, path: str, tree: Tree) -> Entries:
    """Read a data source as the document that it makes. `tree` reads an expression."""
    statements = tuple(_statement(one, path, tree) for one in block.blocks if one.type == "statement")
    more = any(one.type == "dynamic" for one in block.blocks) or any(
        block.attribute(name) is not None
        for name in ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
    )
    version = block.attribute("version")
    pairs = [Pair(key="Version", start=-1, end=-1, value=tree(version) if version else _made(path, "2012-10-17"))]
    identity = next((one for one in block.attributes if one.name == "policy_id"), None)
    if identity is not None:
        pairs.append(Pair(key="Id", start=identity.start, end=identity.end, value=tree(identity.value)))
    items = Items(path=path, start=block.inner[0], end=block.inner[1], style="document", items=statements, open=more)
    pairs.append(Pair(key="Statement", start=block.inner[0], end=block.inner[1], value=items))
    return Entries(path=path, start=block.start, end=block.end, style="document", pairs=tuple(pairs))


def _statement(block: Block, path: str, tree: Tree) -> Entries:
    pairs = [
        Pair(key=ATTRIBUTES[one.name], start=one.start, end=one.end, value=tree(one.value))
        for one in block.attributes
        if one.name in ATTRIBUTES
    ]
    if not any(pair.key == "Effect" for pair in pairs):
        pairs.append(Pair(key="Effect", start=-1, end=-1, value=_made(path, "Allow")))
    for name, element in _PRINCIPALS.items():
        held = [one for one in block.blocks if one.type == name]
        if held:
            pairs.append(Pair(key=element, start=held[0].start, end=held[-1].end, value=_principals(held, path, tree)))
    conditions = [one for one in block.blocks if one.type == "condition"]
    if conditions:
        value = _conditions(conditions, path, tree)
        pairs.append(Pair(key="Condition", start=conditions[0].start, end=conditions[-1].end, value=value))
    return Entries(path=path, start=block.start, end=block.end, style="document", pairs=tuple(pairs))


def _principals(held: list[Block], path: str, tree: Tree) -> Node:
    pairs = []
    for block in held:
        kind, identifiers = block.attribute("type"), block.attribute("identifiers")
        told = tree(kind) if kind else None
        name = "".join(str(p) for p in told.value) if isinstance(told, Leaf) and isinstance(told.value, tuple) else "?"
        value = tree(identifiers) if identifiers else _made(path, "")
        if name == "*":
            return value
        pairs.append(Pair(key=name, start=block.start, end=block.end, value=value))
    return Entries(path=path, start=held[0].start, end=held[-1].end, style="document", pairs=tuple(pairs))


def _conditions(held: list[Block], path: str, tree: Tree) -> Entries:
    tests: dict[str, list[tuple[str, Block]]] = {}
    for block in held:
        test, variable = (_told(block.attribute(name), tree) for name in ("test", "variable"))
        tests.setdefault(test, []).append((variable, block))
    pairs = []
    for test, found in tests.items():
        keys = tuple(
            Pair(key=variable, start=b.start, end=b.end, value=tree(v) if (v := b.attribute("values")) else _made(path, ""))
            for variable, b in found
        )
        first, last = found[0][1].start, found[-1][1].end
        pairs.append(Pair(key=test, start=first, end=last, value=Entries(path=path, start=first, end=last, style="document", pairs=keys)))
    return Entries(path=path, start=held[0].start, end=held[-1].end, style="document", pairs=tuple(pairs))


def _told(expression: Expression | None, tree: Tree) -> str:
    node = tree(expression) if expression else None
    return (
        "".join(p if isinstance(p, str) else "?" for p in node.value) if isinstance(node, Leaf) and isinstance(node.value, tuple) else "?"
    )


def _made(path: str, text: str) -> Leaf:
    return Leaf(path=path, start=-1, end=-1, style="hcl", value=(text,))


# ---- edits


def entries(at: "Conforming", node: Entries, wanted: Mapping[str, Any], trail: "Trail") -> list[Edit]:
    """Give the edits that make the blocks of a document, statement, principal or condition say what is wanted."""
    text = at.texts[node.path]
    edits: list[Edit] = []
    there = {pair.key: pair for pair in node.pairs}
    for name, pair in there.items():
        if name not in wanted:
            edits += [take_out(text, node.path, span) for span in _spans(pair)]
        elif not (pair.start < 0 and isinstance(pair.value, Leaf)):
            edits += at.edits(pair.value, wanted[name], (*trail, name))
    new = {name: value for name, value in wanted.items() if name not in there or _default_differs(there[name], value)}
    if not new:
        return edits
    return [*edits, _added(text, node, new, trail, at.names)]


def _default_differs(pair: Pair, value: Any) -> bool:
    return pair.start < 0 and isinstance(pair.value, Leaf) and pair.value.value != (value,)


def _spans(pair: Pair) -> list[tuple[int, int]]:
    if isinstance(pair.value, Entries) and pair.value.style == "document":
        return [span for inner in pair.value.pairs for span in _spans(inner)] if pair.key == "Condition" else _blocks_of(pair)
    return [(pair.start, pair.end)]


def _blocks_of(pair: Pair) -> list[tuple[int, int]]:
    return [(inner.start, inner.end) for inner in pair.value.pairs] if isinstance(pair.value, Entries) else [(pair.start, pair.end)]


def _added(text: str, node: Entries, new: Mapping[str, Any], trail: "Trail", names: Names) -> Edit:
    """Write new attributes and blocks: in a statement behind its last line, else behind the last block of their kind."""
    if not trail or trail[-1] == "Statement":
        indent = places.indent_at(text, node.start) + "  "
        close = node.end - 1
        at = len(text[:close].rstrip())
        return Edit(node.path, at, at, "\n" + "\n".join(_lines(new, indent, names)))
    indent = places.indent_at(text, node.start)
    if trail[-1] in _BLOCKS:
        told = _principal_blocks(_BLOCKS[trail[-1]], new, indent, names)
    elif trail[-1] == "Condition":
        told = [line for test, keys in new.items() for line in _condition_blocks(test, keys, indent, names)]
    else:
        told = _condition_blocks(trail[-1], new, indent, names)
    return Edit(node.path, node.end, node.end, "\n" + "\n".join(told))


def _lines(statement: Mapping[str, Any], indent: str, names: Names) -> list[str]:
    plain = {
        _OF[name]: write(_listed(name, value), "hcl", indent, names)
        for name, value in statement.items()
        if name in _OF and not (name == "Effect" and value == "Allow")
    }
    lines = aligned(plain, indent)
    for name, block in _BLOCKS.items():
        if name in statement:
            lines += _principal_blocks(block, statement[name], indent, names)
    for test, keys in (statement.get("Condition") or {}).items():
        lines += _condition_blocks(test, keys, indent, names)
    return lines


def _listed(name: str, value: Any) -> Any:
    return value if name in ("Sid", "Effect") or isinstance(value, list) else [value]


def _principal_blocks(block: str, principals: Any, indent: str, names: Names) -> list[str]:
    held = principals if isinstance(principals, Mapping) else {"*": principals}
    return [
        line for kind, values in held.items() for line in _block(block, {"type": kind, "identifiers": _listed("", values)}, indent, names)
    ]


def _condition_blocks(test: str, keys: Mapping[str, Any], indent: str, names: Names) -> list[str]:
    return [
        line
        for variable, values in keys.items()
        for line in _block("condition", {"test": test, "variable": variable, "values": _listed("", values)}, indent, names)
    ]


def _block(name: str, held: Mapping[str, Any], indent: str, names: Names) -> list[str]:
    inner = {one: write(_texts(value), "hcl", indent + "  ", names) for one, value in held.items()}
    return ["", f"{indent}{name} {{", *aligned(inner, indent + "  "), f"{indent}}}"]


def _texts(value: Any) -> Any:
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else str(value)


def new_statement(text: str, node: Items, after: int, statement: Mapping[str, Any], names: Names) -> Edit:
    """Write a new `statement` block behind the `after`th."""
    last = node.items[after] if 0 <= after < len(node.items) else None
    if last is not None:
        indent, at = places.indent_at(text, last.start), last.end
    else:
        indent, at = places.indent_at(text, node.start) + "  ", len(text[: node.end].rstrip())
    body = [f"{indent}statement {{", *_lines(statement, indent + "  ", names), f"{indent}}}"]
    lead = "\n\n" if last is not None or text[node.start : at].strip() else "\n"
    return Edit(node.path, at, at, lead + "\n".join(body))


def instead(text: str, node: Entries, statement: Any, names: Names) -> Edit:
    """Write another `statement` block in the place of one."""
    indent = places.indent_at(text, node.start)
    body = ["statement {", *_lines(statement, indent + "  ", names), f"{indent}}}"]
    return Edit(node.path, node.start, node.end, "\n".join(body))


def take_out(text: str, path: str, span: tuple[int, int]) -> Edit:
    """Take out an attribute or block with its lines, and the empty line above it where one stands below it too."""
    start = text.rfind("\n", 0, span[0]) + 1
    end = places.next_line(text, span[1])
    while text[:start].endswith(("\n\n", "\n\r\n")) and (text[end:].lstrip(" \t").startswith(("\n", "\r\n", "}"))):
        start = text.rfind("\n", 0, start - 1) + 1
    return Edit(path, start, end, "")
