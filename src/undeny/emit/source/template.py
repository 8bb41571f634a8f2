"""CloudFormation: what templates define, in YAML or JSON, also as CDK writes them and with SAM's functions."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from undeny.emit.source import json_text, kinds, yaml_text
from undeny.emit.source.model import Code, Definition, Entries, Items, Leaf, Node, Opaque, Pair, Parts, Ref, Thing, line_of, plain
from undeny.emit.source.terraform_values import arn_of
from undeny.errors import UndenyError

_SUB = re.compile(r"\$\{(!?)([^}]+)\}")
_LOOKS = re.compile(r"AWS::[A-Za-z0-9]+::|AWSTemplateFormatVersion")
_INTRINSIC = re.compile(r"Ref|Fn::\w+|Condition")


def read(texts: Mapping[str, str], *, defaults: bool = True) -> Code:
    """Read the templates among `texts` (path to text). `defaults`: a parameter has its default; without it, it may be anything."""
    definitions: list[Definition] = []
    things: list[Thing] = []
    unread: list[str] = []
    for path in sorted(texts):
        if not path.endswith((".yaml", ".yml", ".json", ".template")) or not _LOOKS.search(texts[path]):
            continue
        try:
            template = Template(path, texts[path], defaults=defaults)
        except UndenyError as problem:
            unread.append(problem.message)
            continue
        definitions += template.definitions()
        things += template.things()
    return Code(texts=texts, definitions=tuple(definitions), things=tuple(things), unread=tuple(unread))


class Template:
    """One template."""

    def __init__(self, path: str, text: str, *, defaults: bool = True) -> None:
        self.path, self.text, self._defaults = path, text, defaults
        root = json_text.read(text, (0, len(text)), path) if text.lstrip()[:1] == "{" else yaml_text.read(text, path)
        self.root = root if isinstance(root, Entries) else None
        self.resources = _mapping(self.root.get("Resources") if self.root else None)
        self.parameters = _mapping(self.root.get("Parameters") if self.root else None)
        generated = "cdk.out" in PurePosixPath(path).parts or "aws:cdk:path" in text
        self.notes = ("CDK writes this template anew with every synth: make the change in the app that makes it",) if generated else ()

    def definitions(self) -> Iterator[Definition]:
        """Give every policy document."""
        for name, resource in self.resources.items():
            kind = _text(resource.get("Type"))
            properties = resource.get("Properties")
            if not isinstance(properties, Entries) or kind is None:
                continue
            yield from self._own(name, kind, properties, resource)
            if kind in ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"):
                yield from self._inline(name, kind, properties, resource)
            elif kind == "AWS::Serverless::Function":
                yield from self._serverless(name, properties, resource)

    def things(self) -> Iterator[Thing]:
        """Give the things that can have a policy."""
        where = self.root.get("Resources") if self.root else None
        for name, resource in self.resources.items():
            kind = _text(resource.get("Type")) or ""
            if kind in kinds.NAMES:
                names = {"thing": self._name(name, kind), "arn": self._arn(name)}
                yield Thing(
                    address=name, kind=kinds.NAMES[kind][0], path=self.path, line=self._line(resource), end=resource.end, names=names,
                    tool="cloudformation", where=where,
                )  # fmt: skip

    def _own(self, name: str, kind: str, properties: Entries, resource: Entries) -> Iterator[Definition]:
        if kind not in kinds.CLOUDFORMATION:
            return
        what, holder, naming = kinds.CLOUDFORMATION[kind]
        held = properties.get(holder)
        if held is None:
            return
        names = {role: self._told(properties.get(one), f"{name}.{one}") for role, one in naming.items()}
        if kind == "AWS::IAM::Role":
            names |= {"thing": self._name(name, kind), "arn": self._arn(name)}
        if kind == "AWS::IAM::Policy" and properties.get("Roles") is None:
            what = "user_inline" if properties.get("Users") is not None else "group_inline"
            names["thing"] = self._told(properties.get("Users") or properties.get("Groups"), name)
        yield self._definition(name, what, held, names, resource)

    def _inline(self, name: str, kind: str, properties: Entries, resource: Entries) -> Iterator[Definition]:
        held = properties.get("Policies")
        for one in held.items if isinstance(held, Items) else ():
            document = one.get("PolicyDocument") if isinstance(one, Entries) else None
            if document is not None and isinstance(one, Entries):
                names = {"thing": self._name(name, kind), "policy": self._told(one.get("PolicyName"), f"{name}.PolicyName")}
                yield self._definition(name, kinds.NAMES[kind][0], document, names, resource)

    def _serverless(self, name: str, properties: Entries, resource: Entries) -> Iterator[Definition]:
        """Give the statements that a SAM function's role gets; SAM makes up the names.

        https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
        """
        held = properties.get("Policies")
        for i, one in enumerate(held.items if isinstance(held, Items) else (held,)):
            if isinstance(one, Entries) and one.get("Statement") is not None:
                names = {"thing": _made_up(f"{name}Role"), "policy": (f"{name}RolePolicy{i}",)}
                yield self._definition(name, "role_inline", _with_version(one), names, resource)

    def _definition(self, name: str, kind: str, held: Node, names: Mapping[str, Parts], resource: Entries) -> Definition:
        metadata = resource.get("Metadata")
        told = _text(metadata.get("aws:cdk:path")) if isinstance(metadata, Entries) else None
        notes = self.notes + ((f"its construct is {told}",) if told else ())
        tree = self._resolved(held)
        line = line_of(self.text, tree.start)
        return Definition(
            address=name, kind=kind, path=self.path, line=line, tree=tree, names=names, notes=notes, tool="cloudformation"
        )  # fmt: skip

    def _line(self, node: Node) -> int:
        return line_of(self.text, node.start)

    # ---- values

    def _resolved(self, node: Node) -> Node:
        """Give a tree with its intrinsics as texts with references, or as what cannot be seen."""
        if isinstance(node, Entries):
            if len(node.pairs) == 1 and _INTRINSIC.fullmatch(node.pairs[0].key):
                return self._intrinsic(node)
            pairs = tuple(msgspec.structs.replace(pair, value=self._resolved(pair.value)) for pair in node.pairs)
            return msgspec.structs.replace(node, pairs=pairs)
        if isinstance(node, Items):
            return msgspec.structs.replace(node, items=tuple(self._resolved(item) for item in node.items))
        return node

    def _intrinsic(self, node: Entries) -> Node:
        value = self._value(node)
        if value is None:
            return Opaque(path=node.path, start=node.start, end=node.end, text=self.text[node.start : node.end])
        return Leaf(path=node.path, start=node.start, end=node.end, style=node.style, value=value)

    def _told(self, node: Node | None, otherwise: str) -> Parts:
        if isinstance(node, Items) and len(node.items) == 1:
            node = node.items[0]
        value = self._value(node) if node is not None else None
        return value if value is not None else (Ref(otherwise),)

    def _value(self, node: Node) -> Parts | None:
        """Give a text, with what is not known as references; `None` for a structure."""
        if isinstance(node, Leaf):
            return node.value if isinstance(node.value, tuple) else (json.dumps(node.value),)
        if not isinstance(node, Entries) or len(node.pairs) != 1:
            return None
        name, held = node.pairs[0].key, node.pairs[0].value
        if name == "Ref":
            return self._referred(_text(held) or "")
        if name == "Fn::GetAtt" and isinstance(held, Items) and len(held.items) == 2:
            thing, attribute = (_text(item) or "?" for item in held.items)
            return self._arn(thing) if attribute == "Arn" else (Ref(f"{thing}.{attribute}"),)
        if name == "Fn::Sub":
            return self._substituted(held)
        if name == "Fn::Join" and isinstance(held, Items) and len(held.items) == 2 and isinstance(held.items[1], Items):
            pieces = [self._value(item) for item in held.items[1].items]
            sign = _text(held.items[0])
            return None if sign is None or None in pieces else _together(pieces, sign)  # type: ignore[arg-type] # none is None here
        return (Ref(self.text[node.start : node.end]),) if name.startswith("Fn::ImportValue") else None

    def _substituted(self, held: Node) -> Parts | None:
        own: dict[str, Parts] = {}
        if isinstance(held, Items) and len(held.items) == 2 and isinstance(held.items[1], Entries):
            own = {pair.key: self._told(pair.value, pair.key) for pair in held.items[1].pairs}
            held = held.items[0]
        text = _text(held)
        if text is None:
            return None
        pieces: list[Parts] = []
        at = 0
        for match in _SUB.finditer(text):
            pieces.append((text[at : match.start()],))
            pieces.append((f"${{{match[2]}}}",) if match[1] else own.get(match[2]) or self._named(match[2]))
            at = match.end()
        return _together([*pieces, (text[at:],)], "")

    def _named(self, name: str) -> Parts:
        thing, sign, attribute = name.partition(".")
        if not sign:
            return self._referred(name)
        return self._arn(thing) if attribute == "Arn" else (Ref(name),)

    def _referred(self, name: str) -> Parts:
        if name == "AWS::Partition":
            return ("aws",)
        parameter = self.parameters.get(name)
        if parameter is not None:
            default = _text(parameter.get("Default")) if self._defaults else None
            return (default,) if default is not None else (Ref(name),)
        resource = self.resources.get(name)
        kind = (_text(resource.get("Type")) if resource else None) or ""
        return self._name(name, kind) if kind in kinds.NAMES and kind != "AWS::SNS::Topic" else (Ref(name),)

    def _name(self, name: str, kind: str) -> Parts:
        resource = self.resources.get(name)
        properties = resource.get("Properties") if resource else None
        told = properties.get(kinds.NAMES[kind][1]) if isinstance(properties, Entries) and kind in kinds.NAMES else None
        if told is None and kind in ("AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Serverless::Function"):
            return _made_up(name)
        return self._told(told, name) if told is not None else (Ref(name),)

    def _arn(self, name: str) -> Parts:
        resource = self.resources.get(name)
        kind = (_text(resource.get("Type")) if resource else None) or ""
        named = self._name(name, kind)
        if kind not in kinds.NAMES or plain(named) is None:
            return (Ref(f"{name}.Arn"),)
        return arn_of(kinds.NAMES[kind][2], named, name)


def _made_up(name: str) -> Parts:
    """Give the name that CloudFormation makes where none is given: stack, logical id, and something of its own.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """
    return (Ref(f"{name}<stack>"), f"-{name[:24]}", Ref(f"{name}<own>"))


def _with_version(one: Entries) -> Entries:
    """Give a SAM statement list with the version that SAM writes where none is."""
    if one.get("Version") is not None:
        return one
    made = Pair(key="Version", start=-1, end=-1, value=Leaf(path=one.path, start=-1, end=-1, style=one.style, value=("2012-10-17",)))
    return msgspec.structs.replace(one, pairs=(made, *one.pairs))


def _mapping(node: Node | None) -> dict[str, Entries]:
    return {pair.key: pair.value for pair in node.pairs if isinstance(pair.value, Entries)} if isinstance(node, Entries) else {}


def _text(node: Node | None) -> str | None:
    return plain(node.value) if isinstance(node, Leaf) else None


def _together(pieces: list[Parts], sign: str) -> Parts:
    made: list[Any] = []
    for i, piece in enumerate(pieces):
        for part in ((sign,) if i and sign else ()) + piece:
            if isinstance(part, str) and made and isinstance(made[-1], str):
                made[-1] += part
            elif part != "":
                made.append(part)
    return tuple(made) or ("",)
