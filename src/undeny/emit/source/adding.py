"""A policy that is not there yet, put beside the thing that it is of, with a reference to it."""

import re
from typing import Any

import msgspec

from undeny.emit.iac import _permissions
from undeny.emit.iac._shape import Shape, word
from undeny.emit.source import kinds, places
from undeny.emit.source.finding import Missing, sureness, texts, what
from undeny.emit.source.model import Code, Edit, Entries, Thing, line_of
from undeny.emit.source.unify import Known, texts_unify
from undeny.emit.source.writing import Names, aligned, key, write
from undeny.iam import elements

_SINGLE = ("bucket", "queue", "topic", "key", "secret", "repository", "table", "endpoint")
"""Things that have one document: where code defines it already, AWS and the code differ."""
_TYPES = {
    "role_inline": ("AWS::IAM::RolePolicy", "RoleName"), "user_inline": ("AWS::IAM::UserPolicy", "UserName"),
    "group_inline": ("AWS::IAM::GroupPolicy", "GroupName"), "bucket": ("AWS::S3::BucketPolicy", "Bucket"),
    "queue": ("AWS::SQS::QueuePolicy", "Queues"), "topic": ("AWS::SNS::TopicPolicy", "Topics"),
    "secret": ("AWS::SecretsManager::ResourcePolicy", "SecretId"),
}  # fmt: skip
"""kind: the type that holds a policy of it, and the property that names the thing."""


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """A new definition: its address, the edit that writes it, and the line on which it begins."""

    address: str
    edit: Edit
    line: int
    known: Known
    document: bool = True
    """Whether it holds the whole document, and not what is new of it alone."""


def add(code: Code, shape: Shape) -> Added | Missing:
    """Write a new policy beside the thing that it is of; says why where the code does not tell where that is."""
    there = [one for one in code.definitions if shape.kind in _SINGLE and one.kind == shape.kind and sureness(one.names, shape)]
    if there:
        told = f"{there[0].address} ({there[0].path}:{there[0].line}) defines one that AWS does not hold: deploy or remove it first"
        return Missing(what=what(shape), why=told)
    things = [one for one in code.things if one.kind == shape.kind and sureness(one.names, shape) and _fits(one, shape)]
    if not things:
        return Missing(what=what(shape), why=f"it is new, and {shape.name} is not in this code")
    if len(things) > 1:
        several = tuple(f"{one.address} ({one.path}:{one.line})" for one in things)
        return Missing(what=what(shape), why="it is new, and several definitions could be what it belongs to", candidates=several)
    thing = things[0]
    if shape.kind == "function":
        return _permissions_of(code, thing, shape)
    if thing.many:
        return Missing(
            what=what(shape), why=f"it is new, and {thing.address} ({thing.path}:{thing.line}) is made several times: {thing.many}"
        )
    return _in_terraform(code, thing, shape) if thing.tool == "terraform" else _in_template(code, thing, shape)


def _fits(one: Thing, shape: Shape) -> bool:
    return all(any(texts_unify(parts, text, {}) for text in texts(role, shape)) for role, parts in one.names.items() if texts(role, shape))


def _in_terraform(code: Code, thing: Thing, shape: Shape) -> Added:
    resource, argument, attribute = kinds.POLICY_OF[shape.kind]
    text = code.texts[thing.path]
    name = word(shape.policy or shape.name).lower()
    taken = re.findall(rf'resource\s+"{resource}"\s+"([^"]+)"', "\n".join(t for p, t in code.texts.items() if p.endswith(".tf")))
    name = next(one for one in (name, *(f"{name}_{i}" for i in range(2, 99))) if one not in taken)
    local = ".".join(thing.address.split(".")[-2:])
    plain = {"name": write(shape.policy, "hcl", "", Names())} if "_inline" in shape.kind else {}
    plain[argument] = f"{local}.{attribute}"
    inside = "." in thing.address.removeprefix(local)
    known = {} if inside else dict(code.values)
    document = write(shape.edit.after, "hcl", "  ", Names(values=known, form="hcl"))
    lines = ["", "", f'resource "{resource}" "{name}" {{', *aligned(plain, "  "), "", f"  policy = jsonencode({document})", "}"]
    address = f"{thing.address.removesuffix(local)}{resource}.{name}"
    return Added(
        address=address, edit=Edit(thing.path, thing.end, thing.end, "\n".join(lines)), line=line_of(text, thing.end) + 2, known=known
    )  # fmt: skip


def _permissions_of(code: Code, thing: Thing, shape: Shape) -> Added | Missing:
    """Write what is new of a function's policy as permissions: neither tool has the document itself."""
    made = _permissions.permissions(shape)
    if not made or thing.many or thing.tool != "terraform":
        return Missing(
            what=what(shape),
            why=f"a function has permissions in code, and this is not one: see {thing.address} ({thing.path}:{thing.line})",
        )
    local = ".".join(thing.address.split(".")[-2:])
    pieces, label = [], ""
    for arguments in made:
        lines = {"function_name": f"{local}.function_name"} | {
            n: write(v, "hcl", "", Names()) for n, v in arguments.items() if n != "function_name"
        }
        label = f"{word(local.rpartition('.')[2])}_{word(arguments['statement_id'])}".lower()
        pieces += ["", "", f'resource "aws_lambda_permission" "{label}" {{', *aligned(lines, "  "), "}"]
    line = line_of(code.texts[thing.path], thing.end) + 2
    address = f"{thing.address.removesuffix(local)}aws_lambda_permission.{label}"
    return Added(address=address, edit=Edit(thing.path, thing.end, thing.end, "\n".join(pieces)), line=line, known={}, document=False)


def _in_template(code: Code, thing: Thing, shape: Shape) -> Added | Missing:
    if shape.kind not in _TYPES or not isinstance(thing.where, Entries):
        told = f"it is new: add it to {thing.address} ({thing.path}:{thing.line})"
        return Missing(what=what(shape), why=told)
    kind, holder = _TYPES[shape.kind]
    there = {pair.key for pair in thing.where.pairs}
    base = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", shape.policy or f"{shape.name}-policy"))
    name = next(one for one in (base, *(f"{base}{i}" for i in range(2, 99))) if one not in there)
    reference: Any = {"Ref": thing.address}
    properties: dict[str, Any] = {"PolicyName": shape.policy} if shape.policy else {}
    properties[holder] = [reference] if holder in ("Queues", "Topics") else reference
    properties["ResourcePolicy" if shape.kind == "secret" else "PolicyDocument"] = elements.plain(shape.edit.after)
    value = {"Type": kind, "Properties": properties}
    where, text = thing.where, code.texts[thing.path]
    index = next(i for i, pair in enumerate(where.pairs) if pair.key == thing.address)

    def body(indent: str, inline: bool) -> str:  # noqa: FBT001 - the shape of `places.Body`
        if where.style == "yaml":
            return write({name: value}, "yaml", indent, Names()).removeprefix(indent)
        return key(name, where.style) + write(value, where.style, indent, Names(), inline=inline)

    edits = places.put_in(text, where, index, body)
    joined = edits[-1] if len(edits) == 1 else Edit(edits[0].path, edits[0].start, edits[-1].end, _over(text, edits))
    return Added(address=name, edit=joined, line=line_of(text, thing.end) + 1, known={})


def _over(text: str, edits: list[Edit]) -> str:
    """Write several edits of one place as one."""
    pieces, at = [], edits[0].start
    for edit in edits:
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join(pieces)
