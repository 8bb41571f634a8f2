"""Whether what stands in code can be a document that AWS holds: references may stand for anything, the same one for the same.

A list of one and the value itself are the same in a policy, as are two orders of a list of texts:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import re
from collections.abc import Sequence
from typing import Any

from undeny.emit.source.model import Entries, Items, Leaf, Node, Opaque, Parts, Ref

Known = dict[str, Any]
"""What references stand for; learned on the way, so a trial gets a copy."""


def unify(node: Node, wanted: Any, known: Known) -> bool:
    """Whether `node` can be `wanted` (JSON); `known` then holds what its references stand for."""
    if isinstance(node, Opaque):
        return bool(known.setdefault(f"{node.path}:{node.start}", wanted) == wanted)
    if isinstance(node, Leaf):
        return _leaf(node, wanted, known)
    if isinstance(node, Entries):
        value = wanted[0] if isinstance(wanted, list) and len(wanted) == 1 else wanted
        return isinstance(value, dict) and _entries(node, value, known)
    return _items(node, wanted if isinstance(wanted, list) else [wanted], known)


def texts_unify(parts: Parts, wanted: str, known: Known) -> bool:
    """Whether parts can be a text."""
    names: dict[str, str] = {}
    pattern = "".join(_pattern(part, known, names) for part in parts)
    match = re.fullmatch(pattern, wanted, re.DOTALL)
    if match is None:
        return False
    for text, group in names.items():
        known[text] = match[group]
    return True


def trial(node: Node, wanted: Any, known: Known) -> Known | None:
    """Give what is known once `node` is `wanted`, `None` where it cannot be."""
    copy = dict(known)
    return copy if unify(node, wanted, copy) else None


def _pattern(part: str | Ref, known: Known, names: dict[str, str]) -> str:
    if isinstance(part, str):
        return re.escape(part)
    value = known.get(part.text)
    if isinstance(value, str):
        return re.escape(value)
    if part.text in names:
        return f"(?P={names[part.text]})"
    names[part.text] = f"r{len(names)}"
    return f"(?P<{names[part.text]}>.*?)"


def _leaf(node: Leaf, wanted: Any, known: Known) -> bool:
    if isinstance(wanted, list) and len(wanted) == 1:
        wanted = wanted[0]
    if isinstance(node.value, tuple):
        return not isinstance(wanted, list | dict | None) and texts_unify(node.value, _text(wanted), known)
    return not isinstance(wanted, list | dict) and _text(node.value) == _text(wanted)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _entries(node: Entries, wanted: dict[str, Any], known: Known) -> bool:
    if {pair.key for pair in node.pairs} != set(wanted):
        return False
    return all(unify(pair.value, wanted[pair.key], known) for pair in node.pairs)


def _items(node: Items, wanted: list[Any], known: Known) -> bool:
    if len(node.items) > len(wanted) or (len(node.items) < len(wanted) and not node.open):
        return False
    if node.open or all(isinstance(item, Leaf) for item in node.items):
        return len(matched(node.items, wanted, known)) == len(node.items)
    return all(unify(item, value, known) for item, value in zip(node.items, wanted, strict=True))


def matched(items: Sequence[Node], wanted: Sequence[Any], known: Known) -> dict[int, int]:
    """Pair items with the values that they can be, in any order, those without references first; `known` learns from it."""
    found: dict[int, int] = {}
    for i in sorted(range(len(items)), key=lambda i: (_vague(items[i]), i)):
        for j, value in enumerate(wanted):
            learned = None if j in found.values() else trial(items[i], value, known)
            if learned is not None:
                found[i] = j
                known.update(learned)
                break
    return found


def _vague(node: Node) -> int:
    """Give how many characters of a node are certain, as a sort key: the more, the earlier."""
    if isinstance(node, Leaf) and isinstance(node.value, tuple):
        return -sum(len(part) for part in node.value if isinstance(part, str)) if any(isinstance(p, Ref) for p in node.value) else -10_000
    return 0 if isinstance(node, Opaque) else -1000
