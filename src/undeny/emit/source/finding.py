"""Which definition is the policy that AWS holds: by its names, by its state, by what it says. Never a guess between two."""

from collections.abc import Sequence

import msgspec

from undeny.emit.iac._shape import Shape
from undeny.emit.source import folder
from undeny.emit.source.model import Code, Definition, Entries, Items, Leaf, Node, Parts, Ref
from undeny.emit.source.unify import Known, texts_unify, trial

_LITERAL = 16
"""Characters that a definition without names has to have in common with the document before it counts as the same one."""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A document that no definition is, and why; `candidates` are definitions between which the code does not decide."""

    what: str
    why: str
    candidates: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The definition of a document, and what its references stand for."""

    definition: Definition
    known: Known
    code: Code


def what(shape: Shape) -> str:
    """Say which document it is."""
    of = shape.name or shape.edit.target
    kind = {"trust": "the trust policy", "role_inline": "inline policy", "user_inline": "inline policy", "managed": "policy"}.get(
        shape.kind
    )
    if shape.kind == "trust":
        return f"the trust policy of {of}"
    return f"{kind or 'policy'} {shape.policy} of {of}" if shape.policy else f"the policy of {of}"


def find(code: Code, shape: Shape) -> Found | Missing:
    """Find the definition of a document that AWS holds (`shape.edit.before`)."""
    named = [one for one in code.definitions if _of_kind(one, shape) and _fits(one, shape)]
    loose = folder.read(code.texts, defaults=False)
    fits = [found for one in named for found in (_same(one, shape, code),) if found] or [
        found for one in loose.definitions if _of_kind(one, shape) and _fits(one, shape) for found in (_same(one, shape, loose),) if found
    ]
    if not fits:
        fits = [f for one in code.definitions if one.kind == "unknown" for f in (_same(one, shape, code),) if f and _telling(f.definition)]
    best = max((sureness(one.definition.names, shape) for one in fits), default=0)
    chosen = [one for one in fits if sureness(one.definition.names, shape) == best]
    if not best:
        chosen = [one for one in chosen if _telling(one.definition)]
    places = {(one.definition.path, _start(one.definition)) for one in chosen}
    if len(places) == 1:
        return chosen[0]
    if chosen:
        told = tuple(_told(one.definition) for one in chosen)
        return Missing(what=what(shape), why="several definitions could be it, and the code does not tell which", candidates=told)
    return _why(shape, [one for one in named if sureness(one.names, shape)])


def _of_kind(one: Definition, shape: Shape) -> bool:
    """Whether a definition is of the document's kind; the role of a permission set has the set's inline policy.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html
    """
    return one.kind == shape.kind or (one.kind == "permission_set" and shape.name.startswith("AWSReservedSSO_"))


def _why(shape: Shape, sure: Sequence[Definition]) -> Missing:
    for one in sure:
        if one.tree is None:
            return Missing(what=what(shape), why=f"{one.address} ({one.path}:{one.line}) defines it, but {one.why}")
    if sure:
        told = ", ".join(_told(one) for one in sure)
        why = f"{told} defines it, but says something else than AWS holds: bring them together first (`terraform plan` shows how)"
        if sure[0].tool == "cloudformation":
            why = f"{told} defines it, but says something else than AWS holds: bring them together first (detect the stack's drift)"
        return Missing(what=what(shape), why=why)
    return Missing(what=what(shape), why="it is not in this code")


def _told(one: Definition) -> str:
    return f"{one.address} ({one.path}:{one.line})"


def _start(one: Definition) -> int:
    return one.tree.start if one.tree else -1


def _same(one: Definition, shape: Shape, code: Code) -> Found | None:
    known = trial(one.tree, shape.edit.before, {}) if one.tree is not None else None
    return Found(definition=one, known=known, code=code) if known is not None else None


def _fits(one: Definition, shape: Shape) -> bool:
    return all(any(texts_unify(parts, text, {}) for text in texts(role, shape)) for role, parts in one.names.items() if texts(role, shape))


def sureness(names: "dict[str, Parts] | object", shape: Shape) -> int:
    """Give how many names of a definition surely are those of the document."""
    held = names if isinstance(names, dict) else {}
    return sum(_certain(parts) and any(texts_unify(parts, text, {}) for text in texts(role, shape)) for role, parts in held.items())


def _certain(parts: Parts) -> bool:
    return sum(len(part) for part in parts if isinstance(part, str)) >= (1 if not any(isinstance(p, Ref) for p in parts) else 5)


def texts(role: str, shape: Shape) -> tuple[str, ...]:
    """Give what a name of a definition may be: the thing's name, ARN or address, the policy's name."""
    if role == "policy":
        by_id = shape.kind == "organization" and shape.policy == shape.identifier
        return (shape.policy,) if shape.policy and not by_id else ()
    if role == "identifier":
        return (shape.identifier,) if shape.identifier.startswith("p-") else ()
    if role == "arn":
        return tuple(dict.fromkeys(one for one in (shape.arn, shape.edit.target) if one.startswith("arn:")))
    return tuple(dict.fromkeys(one for one in (shape.name, shape.edit.target, shape.arn, shape.queue_url) if one))


def _telling(one: Definition) -> bool:
    return one.tree is not None and _literal(one.tree) >= _LITERAL


def _literal(node: Node) -> int:
    """Count the characters of a tree that are certain, beside those that every policy has."""
    if isinstance(node, Leaf):
        known = sum(len(part) for part in node.value if isinstance(part, str)) if isinstance(node.value, tuple) else 0
        return 0 if node.value in (("Allow",), ("Deny",), ("2012-10-17",)) else known
    if isinstance(node, Entries):
        return sum(_literal(pair.value) for pair in node.pairs)
    return sum(_literal(item) for item in node.items) if isinstance(node, Items) else 0
