"""Policy documents read: never refused for what is wrong in them, every fault told with its place.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import msgspec

from undeny.errors import UndenyError
from undeny.iam.model import Document, Place, Problem, Statement
from undeny.iam.reader import NotJsonError, Path, Tree, place, read_tree
from undeny.iam.statement import Fault, read_statement

VERSIONS = ("2012-10-17", "2008-10-17")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html"""
_ELEMENTS = frozenset({"Version", "Id", "Statement"})


def read(source: str | bytes | Mapping[str, Any]) -> Document:
    """Read a policy from its text or from a mapping.

    What is wrong stands in `problems`; no statement is ever dropped; under a `Version` that AWS does not have none is usable. Raises
    `UndenyError` where the source is no JSON at all. A text that AWS gave URL-encoded is decoded first.
    """
    if isinstance(source, Mapping):
        return _document(json.dumps(source, indent=2, default=str), source, from_mapping=True)
    text = _text(source)
    again: list[str] = []
    try:
        data = json.loads(text, object_pairs_hook=lambda pairs: _pairs(pairs, again))
    except (ValueError, RecursionError) as error:
        raise _not_json(text, error) from error
    document = _document(text, data, from_mapping=False)
    return _with_duplicates(document) if again else document


def locate(document: Document, path: Path) -> Place | None:
    """Find the value at a path in the document's text; a single object or text stands for a list of one. `None`: not there."""
    tree = _tree(document.text)
    found = _find(tree, path)
    if tree is None or found is None:
        return None
    return place(document.text, *tree.values[found])


def locate_key(document: Document, path: Path) -> Place | None:
    """Find the name at a path (`("Statement", 0, "Condition", "StringEquals")`: the operator's own text)."""
    tree = _tree(document.text)
    found = _find(tree, path)
    if tree is None or found is None or found not in tree.keys:
        return None
    return place(document.text, *tree.keys[found])


def path_text(path: Path) -> str:
    """Write a path as people do: `Statement[1].Condition.StringEquals`."""
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return written.removeprefix(".") or "$"


def _text(source: str | bytes) -> str:
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        raise UndenyError("the policy is not text in UTF-8", code="not-json", help=("save it as UTF-8",)) from error
    return unquote(text) if text.lstrip()[:3].upper() == "%7B" else text


def _pairs(pairs: list[tuple[str, Any]], again: list[str]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        again.append("")
    return found


def _not_json(text: str, error: Exception) -> UndenyError:
    try:
        read_tree(text)
    except NotJsonError as fault:
        where = place(text, fault.offset, fault.offset + 1)
        message = f"the policy is not JSON: {fault}, line {where.line}, column {where.column}"
        return UndenyError(message, code="not-json", help=("a policy is one JSON object with a `Statement`",))
    except RecursionError:
        pass
    return UndenyError(f"the policy is not JSON: {type(error).__name__}", code="not-json", help=("a policy is one JSON object",))


def _document(text: str, data: Any, *, from_mapping: bool) -> Document:
    faults: list[Fault] = []
    if not isinstance(data, Mapping):
        faults.append(Fault("not-an-object", "a policy is a JSON object", ()))
        nobody_knows = Statement(index=0, effect="Deny", raw={}, usable=False)
        return _finish(Document(text=text, data={}, statements=(nobody_knows,), from_mapping=from_mapping), faults)
    statements = []
    version_known = "Version" not in data or data["Version"] in VERSIONS
    for index, (raw, path) in enumerate(_statements(data, faults)):
        statement, found = read_statement(raw, index, path)
        statements.append(statement if version_known else msgspec.structs.replace(statement, usable=False))
        faults.extend(found)
    faults.extend(_top_level(data))
    version, identifier = data.get("Version"), data.get("Id")
    document = Document(
        text=text,
        data=data,
        version=version if isinstance(version, str) else None,
        id=identifier if isinstance(identifier, str) else None,
        statements=tuple(statements),
        from_mapping=from_mapping,
    )
    faults.extend(_same_sids(document))
    return _finish(document, faults)


def _statements(data: Mapping[str, Any], faults: list[Fault]) -> list[tuple[Any, Path]]:
    if "Statement" not in data:
        faults.append(Fault("missing-statement", "the policy has no `Statement`", ()))
        return []
    found = data["Statement"]
    if isinstance(found, list | tuple):
        return [(raw, ("Statement", index)) for index, raw in enumerate(found)]
    return [(found, ("Statement",))]


def _top_level(data: Mapping[str, Any]) -> list[Fault]:
    faults = [Fault("unknown-element", f"a policy has no element `{key}`", (key,)) for key in data if key not in _ELEMENTS]
    version = data.get("Version")
    if "Version" in data and version not in VERSIONS:
        faults.append(Fault("bad-version", "`Version` is `2012-10-17` or `2008-10-17`, never a date of your own", ("Version",)))
    if "Id" in data and not isinstance(data["Id"], str):
        faults.append(Fault("bad-id", "`Id` is a text", ("Id",)))
    return faults


def _same_sids(document: Document) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for statement in document.statements:
        if statement.sid and statement.sid in seen:
            path = ("Statement", statement.index, "Sid")
            faults.append(Fault("same-sid", f"two statements have the Sid `{statement.sid}`", path))
        seen.add(statement.sid or "")
    return faults


def _finish(document: Document, faults: list[Fault]) -> Document:
    if not faults:
        return document
    tree = None if document.from_mapping else _tree(document.text)
    problems = tuple(_problem(document.text, tree, fault) for fault in faults)
    return msgspec.structs.replace(document, problems=document.problems + problems)


def _problem(text: str, tree: Tree | None, fault: Fault) -> Problem:
    where = None
    if tree is not None:
        found = _find(tree, fault.path) or ()
        span = tree.keys.get(found) if fault.code == "unknown-element" else None
        where = place(text, *(span or tree.values[found]))
    return Problem(code=fault.code, message=fault.message, path=path_text(fault.path), place=where, fatal=fault.fatal)


def _with_duplicates(document: Document) -> Document:
    tree = _tree(document.text)
    if tree is None:
        return document
    message = "the name `{}` comes twice in one object; the last one counts"
    found = tuple(
        Problem(code="duplicate-key", message=message.format(path[-1]), path=path_text(path), place=place(document.text, *span))
        for path, span in tree.again
    )
    return msgspec.structs.replace(document, problems=document.problems + found)


@lru_cache(maxsize=64)
def _tree(text: str) -> Tree | None:
    try:
        return read_tree(text)
    except (NotJsonError, RecursionError):
        return None


def _find(tree: Tree | None, path: Path) -> Path | None:
    """Follow a path, a lone value standing for a list of one."""
    if tree is None:
        return None
    here: Path = ()
    for part in path:
        if (*here, part) in tree.values:
            here = (*here, part)
        elif part != 0:
            return None
    return here
