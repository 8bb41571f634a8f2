"""The change of a fix written into the user's own code, as a patch that `git apply` and `patch -p1` take."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from undeny.emit.iac._shape import Shape, shapes
from undeny.emit.source import adding, finding, folder
from undeny.emit.source.conform import Conforming
from undeny.emit.source.finding import Missing
from undeny.emit.source.model import Code, Definition, Edit, Entries, Items, Leaf, Node, Style, line_of
from undeny.emit.source.unify import Known, trial
from undeny.emit.source.writing import Names
from undeny.errors import UndenyError
from undeny.fix.model import Fix, SettingEdit

_SETTING = "it is a setting, not a policy: undeny fix --as terraform (or cloudformation) writes it with its import"


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One document of the fix that was found in the code, or that was put beside the thing that it is of."""

    what: str
    how: Literal["changed", "added"]
    address: str
    path: str
    line: int
    notes: tuple[str, ...] = ()


class Replacement(msgspec.Struct, frozen=True, kw_only=True):
    """One edit by lines and columns, from 1; the end column is behind the last character."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Patched(msgspec.Struct, frozen=True, kw_only=True):
    """A patch with what it changes where. `missing` is what is not in the code; `diff` is empty where nothing is."""

    diff: str
    placed: tuple[Placed, ...] = ()
    missing: tuple[Missing, ...] = ()
    unread: tuple[str, ...] = ()
    files: Mapping[str, str] = {}
    """The changed files, whole."""
    replacements: tuple[Replacement, ...] = ()


def patched(fix: Fix, scenario: Mapping[str, Any], where: Path) -> Patched:
    """Write a fix into the code of a folder: nothing on disk is changed.

    Raises `UndenyError` where the folder holds no code, and where what would be written does not read back as the policy that was proved.
    """
    texts, unread = folder.look(where)
    code = folder.read(texts)
    edits: list[Edit] = []
    placed: list[Placed] = []
    missing: list[Missing] = []
    checks: list[tuple[Shape, str, Known]] = []
    for shape in shapes(fix, scenario):
        if shape.edit.after is None:
            missing.append(Missing(what=finding.what(shape), why="it is to be removed: take it out of the code by hand"))
            continue
        new = shape.edit.before is None or shape.kind == "function"
        found = adding.add(code, shape) if new else finding.find(code, shape)
        if isinstance(found, Missing):
            missing.append(found)
        elif isinstance(found, finding.Found):
            made = _edits(found, shape)
            edits += made
            checks.append((shape, found.definition.address, found.known))
            placed.append(_placed(shape, found.definition, made, texts))
        else:
            edits.append(found.edit)
            checks += [(shape, found.address, found.known)] if found.document else []
            placed.append(Placed(what=finding.what(shape), how="added", address=found.address, path=found.edit.path, line=found.line))
    missing += [Missing(what=f"{e.operation} on {e.target}", why=_SETTING) for e in fix.changes if isinstance(e, SettingEdit)]
    written = applied(texts, edits)
    _check(code, written, checks)
    changed = {path: text for path, text in written.items() if text != texts[path]}
    diff = "".join(_diff(path, texts[path], text) for path, text in sorted(changed.items()))
    replacements = tuple(_replacement(edit, texts[edit.path]) for edit in sorted(edits))
    return Patched(
        diff=diff, placed=tuple(placed), missing=tuple(missing), unread=unread + code.unread, files=changed, replacements=replacements
    )  # fmt: skip


def _placed(shape: Shape, at: Definition, edits: list[Edit], texts: Mapping[str, str]) -> Placed:
    first = min((line_of(texts[e.path], e.start + e.text.startswith("\n")) for e in edits if e.path == at.path), default=at.line)
    return Placed(what=finding.what(shape), how="changed", address=at.address, path=at.path, line=first, notes=at.notes)


def _replacement(edit: Edit, text: str) -> Replacement:
    starts = [(line_of(text, at), at - text.rfind("\n", 0, at)) for at in (edit.start, edit.end)]
    (line, column), (end_line, end_column) = starts
    return Replacement(path=edit.path, line=line, column=column, end_line=end_line, end_column=end_column, text=edit.text)


def _edits(found: finding.Found, shape: Shape) -> list[Edit]:
    tree = found.definition.tree
    if tree is None:
        return []
    values = {**found.definition.values, **{name: value for name, value in found.known.items() if isinstance(value, str)}}
    names = Names(values=values, form=_form(tree, found.definition))
    return Conforming(found.known, found.code.texts, names).edits(tree, shape.edit.after)


def _form(tree: Node, definition: Definition) -> Literal["hcl", "heredoc", "escaped", "template", "none"]:
    if definition.tool == "cloudformation":
        return "template"
    style: Style = tree.style if isinstance(tree, Entries) else "json"
    if style != "json":
        return "hcl"
    if tree.path.endswith(".tf"):
        return "heredoc"
    return "escaped" if definition.template else "none"


def applied(texts: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """Give the files after the edits. Edits at the same place stand in the order given. Raises `UndenyError` for edits that overlap."""
    made = dict(texts)
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    for path, held in by_path.items():
        if "\r\n" in texts[path]:
            held = [Edit(e.path, e.start, e.end, e.text.replace("\n", "\r\n")) for e in held]  # noqa: PLW2901 - the same edits, with the file's line ends
        pieces, at = [], 0
        taken = -1
        for edit in sorted(held, key=lambda e: (e.start, e.end)):
            if edit.start == edit.end < at and taken <= edit.start:  # put behind what is taken out with its line
                line = "\r\n" if edit.text.startswith("\r\n") else "\n"
                pieces.append(edit.text.removeprefix(line) + line)
                continue
            if edit.start < at and not edit.text:
                at = max(at, edit.end)  # two that take out neighbours share the empty line between them
                continue
            if edit.start < at:
                raise UndenyError(f"`{path}`: two changes of this fix fall on the same place", code="not-in-reach")
            pieces += [texts[path][at : edit.start], edit.text]
            at, taken = edit.end, edit.end + 1 if edit.text else edit.start
        made[path] = "".join([*pieces, texts[path][at:]])
    return made


def _check(before: Code, texts: Mapping[str, str], checks: list[tuple[Shape, str, Known]]) -> None:
    """Read what was written again: each document has to be the one that was proved, every other one as it was."""
    after = folder.read(texts)
    touched = {address for _, address, _ in checks}
    for shape, address, known in checks:
        loose = folder.read(texts, defaults=False)
        held = [one for code in (after, loose) for one in code.definitions if one.address == address and one.tree is not None]
        if not any(one.tree is not None and trial(one.tree, shape.edit.after, known) is not None for one in held):
            raise UndenyError(
                f"the change to `{address}` would not read back as the policy that was proved, so nothing is written",
                code="not-in-reach",
                help=("the change itself: undeny fix --as terraform",),
            )
    old, new = ({_identity(one, code): bare(one.tree) for one in code.definitions} for code in (before, after))
    differs = sorted(k[0] for k in old if k[0] not in touched and old[k] != new.get(k))
    if differs and not _shared(touched, differs):
        raise UndenyError(
            f"the change would also change `{differs[0]}`, so nothing is written",
            code="not-in-reach",
            help=("give it a document of its own first",),
        )


def _identity(one: Definition, code: Code) -> tuple[str, str, int]:
    same = [d for d in code.definitions if (d.address, d.kind) == (one.address, one.kind)]
    return one.address, one.kind, next(i for i, d in enumerate(same) if d is one)


def _shared(touched: set[str], differs: list[str]) -> bool:
    """Whether those that change too are other instances of the same module call: they share its text by design."""
    tails = {address.rpartition("module.")[2].partition(".")[2] for address in touched if address.startswith("module.")}
    return all(address.startswith("module.") and address.rpartition("module.")[2].partition(".")[2] in tails for address in differs)


def bare(node: Node | None) -> Any:
    """Give a tree without its places."""
    if isinstance(node, Entries):
        return {pair.key: bare(pair.value) for pair in node.pairs}
    if isinstance(node, Items):
        return [bare(item) for item in node.items]
    return node.value if isinstance(node, Leaf) else None if node is None else node.text


def _diff(path: str, old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
