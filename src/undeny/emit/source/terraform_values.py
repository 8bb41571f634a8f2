"""The values of a Terraform module: variables, locals, attributes and data sources, as far as the code and the state tell them."""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from undeny.emit.source import blocks, hcl, json_text, kinds
from undeny.emit.source.hcl_model import Block, Call, Expression, List, Object, Reference, Text, Value
from undeny.emit.source.model import Entries, Items, Leaf, Node, Opaque, Pair, Parts, Ref, plain
from undeny.errors import UndenyError

Texts = Mapping[str, str]


class Values:
    """One module as it is called: its folder, its address, the values of its variables."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a module is made of
        self, folder: str, address: str, files: Mapping[str, Block], texts: Texts, state: Mapping[str, Mapping[str, Any]],
        given: Mapping[str, Callable[[], Node]], depth: int = 0, *, defaults: bool = True,
    ) -> None:  # fmt: skip
        self.folder, self.address, self.texts, self.state, self.given, self.depth = folder, address, texts, state, given, depth
        self.files = {path: file for path, file in files.items() if str(PurePosixPath(path).parent) == folder}
        self.templates: set[str] = set()
        self._all, self._defaults = files, defaults
        self._blocks: dict[tuple[str, ...], tuple[str, Block]] = {}
        self._locals: dict[str, tuple[str, Expression]] = {}
        self._looking: list[str] = []
        for path, file in self.files.items():
            for block in file.blocks:
                if block.type == "locals":
                    self._locals |= {one.name: (path, one.value) for one in block.attributes}
                else:
                    self._blocks[(block.type, *block.labels)] = (path, block)
        self._variables = self._given_in_files()

    def _address(self, kind: str, name: str) -> str:
        return f"{self.address}.{kind}.{name}" if self.address else f"{kind}.{name}"

    @staticmethod
    def _many(block: Block) -> str:
        return next((name for name in ("count", "for_each") if block.attribute(name) is not None), "")

    def _name(self, address: str, kind: str, name: str, argument: str, path: str, block: Block) -> Parts:  # noqa: PLR0913, PLR0917 - where to look
        known = self.state.get(address, {}).get(argument)
        if isinstance(known, str) and known:
            return (known,)
        if argument == "arn" and block.attribute("arn") is None:
            return self._arn(kind, name)
        told = block.attribute(argument)
        return self.text(told, path) if told is not None else (Ref(f"{kind}.{name}.{argument}"),)

    def _arn(self, kind: str, name: str) -> Parts:
        known = self.state.get(self._address(kind, name), {}).get("arn")
        if isinstance(known, str):
            return (known,)
        held = self._blocks.get(("resource", kind, name))
        if held is None or kind not in kinds.ARNS:
            return (Ref(f"{kind}.{name}.arn"),)
        argument = kinds.NAME_OF.get(kind, "name")
        named = self._name(self._address(kind, name), kind, name, argument, held[0], held[1])
        return arn_of(kinds.ARNS[kind], named, f"{kind}.{name}")

    # ---- values

    def policy(self, held: Expression, path: str) -> Node | None:
        """Give the document that an expression makes as a tree, `None` where it is not in this code."""
        if isinstance(held, Call) and held.name == "jsonencode" and len(held.arguments) == 1:
            return self.node(held.arguments[0], path)
        if isinstance(held, Call) and held.name in ("file", "templatefile") and held.arguments:
            return self._file(held, path)
        if isinstance(held, Text):
            return self._text_of(held, path)
        if isinstance(held, Reference):
            return self._referred(held)
        return None

    def _text_of(self, held: Text, path: str) -> Node | None:
        only = [part for part in held.parts if part != ""]
        if len(only) == 1 and not isinstance(only[0], str):
            return self.policy(only[0], path)
        if not held.heredoc:
            return None
        return json_text.read(self.texts[path], held.inner, path, lambda expression: self.text(expression, path))

    def _file(self, held: Call, path: str) -> Node | None:
        told = plain(self.text(held.arguments[0], path))
        if told is None:
            return None
        name = folder_of(self.folder, told.removeprefix("<module>/"))
        if name is None or name not in self.texts:
            return None
        if held.name == "templatefile":
            self.templates.add(name)
        given = held.arguments[1] if held.name == "templatefile" and len(held.arguments) > 1 else None
        known = {key: value for key, _, value in given.pairs if key} if isinstance(given, Object) else {}

        def evaluate(expression: Expression) -> Parts:
            name_ = expression.text if isinstance(expression, Reference) else ""
            return self.text(known[name_], path) if name_ in known else (Ref(f"{name}:{self._shown(expression, name)}"),)

        text = self.texts[name]
        return json_text.read(text, (0, len(text)), name, evaluate if held.name == "templatefile" else None)

    def _referred(self, held: Reference) -> Node | None:
        parts = held.text.split(".")
        if parts[:2] == ["data", "aws_iam_policy_document"] and len(parts) >= 4:
            found = self._blocks.get(("data", "aws_iam_policy_document", _bare(parts[2])))
            return blocks.document(found[1], found[0], partial(self._node_in, found[0])) if found else None
        if parts[0] == "local" and len(parts) == 2 and parts[1] in self._locals:
            return self._once(held.text, lambda: self.policy(self._locals[parts[1]][1], self._locals[parts[1]][0]))
        if parts[0] == "var" and len(parts) == 2 and parts[1] in self.given:
            node = self.given[parts[1]]()
            return node if isinstance(node, Entries) else None
        return None

    def _node_in(self, path: str, held: Expression) -> Node:
        return self.node(held, path)

    def node(self, held: Expression, path: str) -> Node:
        """Give an expression as a tree."""
        span = {"path": path, "start": held.start, "end": held.end}
        if isinstance(held, Object) and all(key is not None for key, _, _ in held.pairs):
            pairs = tuple(Pair(key=str(key), start=at, end=value.end, value=self.node(value, path)) for key, at, value in held.pairs)
            return Entries(**span, style="hcl", pairs=pairs)  # type: ignore[arg-type] # the span's own types
        if isinstance(held, List):
            return Items(**span, style="hcl", items=tuple(self.node(one, path) for one in held.items))  # type: ignore[arg-type] # as above
        if isinstance(held, Value):
            return Leaf(**span, style="hcl", value=held.value)  # type: ignore[arg-type] # as above
        return self._reference_node(held, path)

    def _reference_node(self, held: Expression, path: str) -> Node:
        if isinstance(held, Reference):
            target = self._structure(held)
            if target is not None:
                return target
        elif isinstance(held, Call):
            made = self.policy(held, path) if held.name == "jsonencode" else None
            if made is not None:
                return made
        parts = self.text(held, path)
        whole = len(parts) == 1 and isinstance(parts[0], Ref)
        if whole and not isinstance(held, Text | Reference):
            return Opaque(path=path, start=held.start, end=held.end, text=self._shown(held, path))
        return Leaf(path=path, start=held.start, end=held.end, style="hcl", value=parts)

    def _structure(self, held: Reference) -> Node | None:
        """Give the list or object that a local or variable holds, `None` where it is a text or not known."""
        document = self.policy(held, "")
        if document is not None:
            return document
        parts = held.text.split(".")
        if parts[0] == "local" and len(parts) == 2 and parts[1] in self._locals:
            where, value = self._locals[parts[1]]
            found = self._once(held.text, lambda: self.node(value, where))
            return found if isinstance(found, Entries | Items) else None
        if parts[0] == "var" and len(parts) == 2:
            found = self.given[parts[1]]() if parts[1] in self.given else self._default(parts[1])
            return found if isinstance(found, Entries | Items) else None
        return None

    def _once(self, name: str, look: Callable[[], Node | None]) -> Node | None:
        if name in self._looking:
            return None
        self._looking.append(name)
        try:
            return look()
        finally:
            self._looking.pop()

    def text(self, held: Expression, path: str) -> Parts:
        """Give an expression as a text: what is known literally, the rest as references."""
        if isinstance(held, Text):
            return _joined(part if isinstance(part, str) else self.text(part, path) for part in held.parts)
        if isinstance(held, Value) and held.value is not None:
            return (json.dumps(held.value),)
        if isinstance(held, Reference):
            return self._value(held)
        if isinstance(held, Call) and held.name == "format" and held.arguments:
            return self._formatted(held, path)
        return (Ref(self._shown(held, path)),)

    def _formatted(self, held: Call, path: str) -> Parts:
        told = plain(self.text(held.arguments[0], path))
        pieces = told.split("%s") if told is not None else []
        if len(pieces) != len(held.arguments) or "%" in "".join(pieces):
            return (Ref(self._shown(held, path)),)
        rest = [self.text(one, path) for one in held.arguments[1:]]
        return _joined([pieces[0], *(one for pair in zip(rest, pieces[1:], strict=True) for one in pair)])

    def _value(self, held: Reference) -> Parts:
        parts = held.text.split(".")
        unknown: Parts = (Ref(held.text),)
        if held.text == "path.module":
            return ("<module>",)
        if parts[0] in ("var", "local") and len(parts) == 2:
            return self._named(parts[0], parts[1]) or unknown
        if len(parts) == 3 and ("resource", parts[0], _bare(parts[1])) in self._blocks:
            return self._attribute(parts[0], _bare(parts[1]), parts[2]) if _bare(parts[1]) == parts[1] else unknown
        known = self.state.get(f"data.{parts[1]}.{parts[2]}", {}).get(parts[3]) if parts[0] == "data" and len(parts) == 4 else None
        return (known,) if isinstance(known, str) else unknown

    def _named(self, kind: str, name: str) -> Parts | None:
        if kind == "local":
            if name not in self._locals:
                return None
            path, value = self._locals[name]
            found = self._once(f"local.{name}", lambda: Leaf(path=path, start=-1, end=-1, style="hcl", value=self.text(value, path)))
            return found.value if isinstance(found, Leaf) and isinstance(found.value, tuple) else None
        if name in self.given:
            node = self.given[name]()
        else:
            given = self._variables.get(name)
            if given is not None:
                return (given,)
            node = self._default(name)  # type: ignore[assignment] # `None` where it has none
        return node.value if isinstance(node, Leaf) and isinstance(node.value, tuple) else None

    def _default(self, name: str) -> Node | None:
        held = self._blocks.get(("variable", name)) if self._defaults else None
        value = held[1].attribute("default") if held else None
        return self.node(value, held[0]) if held and value is not None else None

    def _attribute(self, kind: str, name: str, attribute: str) -> Parts:
        known = self.state.get(self._address(kind, name), {}).get(attribute)
        if isinstance(known, str):
            return (known,)
        path, block = self._blocks["resource", kind, name]
        if attribute == "arn" or (attribute == "id" and kind in kinds.IDS_ARE_ARNS):
            return self._arn(kind, name)
        if attribute in ("id", "url") and kind in kinds.URLS:
            return arn_of(kinds.URLS[kind], self._name(self._address(kind, name), kind, name, "name", path, block), f"{kind}.{name}")
        told = block.attribute(attribute)
        if (
            told is None
            and attribute in ("id", "name", "bucket")
            and kind in (*kinds.THINGS, "aws_iam_policy")
            and kind != "aws_vpc_endpoint"
        ):
            named = attribute == "name" or kind in ("aws_s3_bucket", "aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_dynamodb_table")
            told = block.attribute(kinds.NAME_OF.get(kind, "name")) if named else None
        reference = f"{kind}.{name}.{attribute}"
        if told is None or reference in self._looking:
            return (Ref(reference),)
        self._looking.append(reference)
        try:
            return self.text(told, path)
        finally:
            self._looking.pop()

    def attribute_text(self, block: Block, name: str, path: str) -> str | None:
        """Give an attribute that is a known text."""
        told = block.attribute(name)
        return plain(self.text(told, path)) if told is not None else None

    def _given_in_files(self) -> dict[str, str]:
        """Give the variables that `terraform.tfvars` and `*.auto.tfvars` of a root module set.

        https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
        """
        found: dict[str, str] = {}
        if self.address:
            return found
        for path, text in sorted(self.texts.items()):
            name = PurePosixPath(path)
            if str(name.parent) == self.folder and (name.name == "terraform.tfvars" or name.name.endswith(".auto.tfvars")):
                try:
                    file = hcl.parse(text, path)
                except UndenyError:
                    continue  # a variable that cannot be read is not known
                for one in file.attributes:
                    value = plain(self.text(one.value, path)) if isinstance(one.value, Text | Value) else None
                    if value is not None:
                        found[one.name] = value
        return found

    def _shown(self, held: Expression, path: str) -> str:
        return " ".join(self.texts[path][held.start : held.end].split())


def arn_of(template: str, named: Parts, of: str) -> Parts:
    """Fill an ARN template: the name where it is known, a reference for what the code does not tell."""
    pieces: list[str | Parts] = []
    for part in re.split(r"(<\w+>|\{name\})", template):
        if part == "{name}":
            pieces.append(named)
        elif part == "<partition>":
            pieces.append("aws")
        else:
            pieces.append((Ref(f"{of}.{part}"),) if part.startswith("<") else part)
    return _joined(pieces)


def _joined(pieces: Any) -> Parts:
    """Put texts and parts together; neighbouring texts become one."""
    made: list[str | Ref] = []
    for piece in pieces:
        for part in (piece,) if isinstance(piece, str) else piece:
            if isinstance(part, str) and made and isinstance(made[-1], str):
                made[-1] += part
            elif part != "":
                made.append(part)
    return tuple(made) or ("",)


def _bare(name: str) -> str:
    return name.partition("[")[0]


def folder_of(base: str, told: str) -> str | None:
    """Give a path that is told from a folder, without `..`; `None` for one outside of what was read."""
    parts: list[str] = []
    for part in (*PurePosixPath(base).parts, *PurePosixPath(told).parts):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."
