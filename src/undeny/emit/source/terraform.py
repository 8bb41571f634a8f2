"""Terraform: what a folder of `.tf` files defines, modules in local folders included, with variables and locals resolved where known."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from undeny.emit.source import hcl, kinds
from undeny.emit.source.hcl_model import Block, Expression, Text
from undeny.emit.source.model import Code, Definition, Entries, Node, Parts, Ref, Thing, line_of, plain
from undeny.emit.source.terraform_values import Texts, Values, folder_of
from undeny.errors import UndenyError

_DEEPEST = 12


def read(texts: Texts, state: Mapping[str, Mapping[str, Any]], *, defaults: bool = True) -> Code:
    """Read the `.tf` files among `texts` (path to text). `state` gives attributes by address, empty where no state is at hand.

    `defaults`: a variable that nothing sets has its default; without it, it may be anything, as a run may have set it.
    """
    files: dict[str, Block] = {}
    unread: list[str] = []
    for path in sorted(p for p in texts if p.endswith(".tf")):
        try:
            files[path] = hcl.parse(texts[path], path)
        except UndenyError as problem:
            unread.append(problem.message)
    called = {folder for path, file in files.items() for folder in _called(path, file)}
    folders = sorted({str(PurePosixPath(p).parent) for p in files})
    definitions: list[Definition] = []
    things: list[Thing] = []
    values: dict[str, str] = {}
    for folder in folders:
        if folder not in called:
            module = Module(folder, "", files, texts, state, {}, defaults=defaults)
            definitions += module.definitions()
            things += module.things()
            values |= module.values()
    unread += _outside(files, texts)
    return Code(texts=texts, definitions=tuple(definitions), things=tuple(things), values=values, unread=tuple(unread))


def _outside(files: Mapping[str, Block], texts: Texts) -> Iterator[str]:
    """Say which modules are called from outside of the folder that was read."""
    for path, file in files.items():
        for block in file.blocks:
            source = block.attribute("source") if block.type == "module" else None
            told = "".join(part for part in source.parts if isinstance(part, str)) if isinstance(source, Text) else ""
            if told.startswith(".") and folder_of(str(PurePosixPath(path).parent), told) is None:
                name, line = "".join(block.labels), line_of(texts[path], block.start)
                yield f"module.{name} (`{path}` line {line}) is in `{told}`, outside of this folder: name a folder above both with --in"


def _called(path: str, file: Block) -> Iterator[str]:
    for block in file.blocks:
        if block.type == "module" and isinstance(source := block.attribute("source"), Text):
            told = "".join(part for part in source.parts if isinstance(part, str))
            if told.startswith(".") and (folder := folder_of(str(PurePosixPath(path).parent), told)):
                yield folder


class Module(Values):
    """What one module defines, as it is called."""

    # ---- what is defined

    def definitions(self) -> Iterator[Definition]:
        """Give every policy document of the module and of those that it calls."""
        for (kind, *labels), (path, block) in self._blocks.items():
            if kind == "resource" and len(labels) == 2:
                yield from self._resource(labels[0], labels[1], path, block)
            elif kind == "module" and len(labels) == 1:
                yield from self._module(labels[0], path, block)

    def things(self) -> Iterator[Thing]:
        """Give the things that can have a policy."""
        for (kind, *labels), (path, block) in self._blocks.items():
            if kind == "resource" and len(labels) == 2 and labels[0] in kinds.THINGS:
                what, argument = kinds.THINGS[labels[0]]
                address = self._address(labels[0], labels[1])
                names = {"thing": self._name(address, labels[0], labels[1], argument, path, block), "arn": self._arn(*labels)}
                yield Thing(
                    address=address, kind=what, path=path, line=line_of(self.texts[path], block.start), end=block.end, names=names,
                    many=self._many(block),
                )  # fmt: skip
            elif kind == "module" and (inner := self._inner(labels[0], path, block)):
                yield from inner.things()

    def values(self) -> dict[str, str]:
        """Give the references whose value the code tells: the ARNs of what it defines, for a module what its caller gives."""
        found: dict[str, str] = {}
        for kind, *labels in self._blocks:
            if kind == "resource" and len(labels) == 2 and labels[0] in kinds.ARNS and not self._many(self._blocks[kind, *labels][1]):
                arn = plain(self._arn(*labels))
                found |= {f"{labels[0]}.{labels[1]}.arn": arn} if arn is not None else {}
        for name in self.given:
            value = self._named("var", name)
            text = plain(value) if value is not None else None
            found |= {f"var.{name}": text} if text is not None else {}
        return found

    def _resource(self, kind: str, name: str, path: str, block: Block) -> Iterator[Definition]:
        address = self._address(kind, name)
        for what, argument, naming in kinds.TERRAFORM.get(kind, ()):
            held = block.attribute(argument)
            if held is not None:
                names = {role: self._name(address, kind, name, one, path, block) for role, one in naming.items()}
                yield self._definition(address, what, path, block, held, names)
        if kind == "aws_iam_role":
            thing = self._name(address, kind, name, "name", path, block)
            for inline in block.blocks:
                held = inline.attribute("policy") if inline.type == "inline_policy" else None
                if held is not None:
                    told = inline.attribute("name")
                    names = {"thing": thing, "policy": self.text(told, path) if told else (Ref(f"{address}.inline_policy"),)}
                    yield self._definition(address, "role_inline", path, inline, held, names)
        if kind not in kinds.TERRAFORM:
            yield from self._loose(address, path, block)

    def _loose(self, address: str, path: str, block: Block) -> Iterator[Definition]:
        """Give what looks like a policy among the arguments of a block that we do not know."""
        for one in block.attributes:
            tree = self.policy(one.value, path) if "policy" in one.name or "document" in one.name else None
            if isinstance(tree, Entries) and tree.get("Statement") is not None:
                line = self._line(tree, path, one.start)
                yield Definition(
                    address=address, kind="unknown", path=tree.path, line=line, tree=tree, values=self.values(), notes=self._notes(block)
                )

    def _definition(  # noqa: PLR0913, PLR0917 - what a definition is made of
        self, address: str, kind: str, path: str, block: Block, held: Expression, names: Mapping[str, Parts]
    ) -> Definition:
        try:
            tree: Node | None = self.policy(held, path)
            why = "" if tree is not None else f"its document is `{self._shown(held, path)}`, which is not in this code"
        except UndenyError as problem:
            tree, why = None, problem.message
        return Definition(
            address=address, kind=kind, path=tree.path if tree else path, line=self._line(tree, path, held.start), tree=tree, names=names,
            why=why, values=self.values(), notes=self._notes(block), template=bool(tree and tree.path in self.templates),
        )  # fmt: skip

    def _line(self, tree: Node | None, path: str, start: int) -> int:
        return line_of(self.texts[tree.path], tree.start) if tree else line_of(self.texts[path], start)

    def _notes(self, block: Block) -> tuple[str, ...]:
        many = self._many(block)
        notes = [f"it is made several times ({many}): the change reaches each of them"] if many else []
        return (*notes, *([f"it is in module {self.folder}: the change reaches everyone that calls it"] if self.address else []))

    def _module(self, name: str, path: str, block: Block) -> Iterator[Definition]:
        inner = self._inner(name, path, block)
        if inner is not None:
            yield from inner.definitions()
        else:
            yield from self._loose(self._address("module", name), path, block)

    def _inner(self, name: str, path: str, block: Block) -> "Module | None":
        source = self.attribute_text(block, "source", path)
        if source is None or not source.startswith(".") or self.depth >= _DEEPEST:
            return None
        folder = folder_of(self.folder, source)
        if folder is None:
            return None
        given = {one.name: partial(self.node, one.value, path) for one in block.attributes if one.name not in ("source", "version")}
        found = Module(
            folder, self._address("module", name), self._all, self.texts, self.state, given, self.depth + 1, defaults=self._defaults
        )
        return found if found.files else None
