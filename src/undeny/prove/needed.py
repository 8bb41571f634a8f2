"""Needed: leaving out any one part of the change leaves the call denied."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.diagnose.model import Case
from undeny.fix import documents
from undeny.fix.carry import idle, with_edits
from undeny.fix.model import CallEdit, Edit, Fix, PolicyEdit
from undeny.iam import elements
from undeny.prove.model import Proof
from undeny.prove.suffices import DENIED, counted, key

Part = tuple[str, tuple[Edit, ...]]
"""What is left out, and the edits that remain."""


def needed(case: Case, after: Case, fix: Fix, enough: Proof) -> Proof:
    """Prove that every edit, and every action, resource, principal and condition value that it adds, is needed for the call.

    Undecided where it is not shown that the change suffices: then there is nothing to need it.
    """
    if enough.holds is not True:
        return Proof(obligation="needed", holds=None, how="not checked, since it is not shown that the change suffices")
    found = parts(fix.changes)
    keys = counted(case, after) | {key(r) for r, v in zip(case.requests, case.verdicts, strict=True) if r.certain and v.decision in DENIED}
    for what, rest in found:
        without = with_edits(case, rest)
        counts = [v for r, v in zip(without.requests, without.verdicts, strict=True) if key(r) in keys]
        if counts and all(verdict.decision not in DENIED for verdict in counts):
            return Proof(obligation="needed", holds=False, how=f"the call is allowed without {what} too")
    word = "part is" if len(found) == 1 else "parts are"
    return Proof(obligation="needed", holds=True, how=f"left out one at a time, the call is denied again: {len(found)} {word} needed")


def parts(changes: tuple[Edit, ...]) -> tuple[Part, ...]:
    """Give each thing that the changes add, with what remains without it."""
    return tuple(_parts(changes))


def _parts(changes: tuple[Edit, ...]) -> Iterator[Part]:
    for index, change in enumerate(changes):
        if idle(change):
            continue  # it says how a person goes about the rest
        rest = (*changes[:index], *changes[index + 1 :])
        yield f"change {index + 1}", rest
        for what, smaller in _smaller(change):
            yield what, (*changes[:index], smaller, *changes[index + 1 :])


def _smaller(change: Edit) -> Iterator[tuple[str, Edit]]:
    """Give the change without each one thing that it adds, where it adds several."""
    if isinstance(change, CallEdit) and len(change.context) > 1:
        for key in change.context:
            if all(_tag(k) for k in change.context):
                break  # tags that one statement asks for are sent together: they are one part
            left = {k: v for k, v in change.context.items() if k != key}
            region = key.lower() == "aws:requestedregion"  # another Region is another thing's ARN: the two are one part
            yield key, msgspec.structs.replace(change, context=left, resource=None if region else change.resource)
    if isinstance(change, PolicyEdit) and change.after is not None:
        found = list(_smaller_documents(change.before, change.after))
        if len(found) > 1:
            for what, document in found:
                yield what, msgspec.structs.replace(change, after=document)


def _tag(key: str) -> bool:
    return key.lower().startswith(("aws:requesttag/", "aws:tagkeys"))


def _smaller_documents(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the new document without each statement it adds, and without each value that a statement adds to a list.

    A Deny is no part of it: left out, the change would open more, not less.
    """
    old, new = elements.statements(before), elements.statements(after)
    gone = [s for s in old if s not in new]
    for index, statement in enumerate(new):
        if statement in old or statement.get("Effect") == "Deny":
            continue
        was = next((s for s in gone if s.get("Effect") == "Allow"), None)
        if was is None:
            yield f"statement {index + 1}", documents.with_statements(after, [s for i, s in enumerate(new) if i != index])
        else:
            gone.remove(was)
        for what, smaller in _shorter(statement, was or {}):
            yield f"{what} in statement {index + 1}", documents.replaced(after, index, smaller)


def _shorter(statement: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for element in ("Action", "Resource"):
        there = elements.listed(old.get(element))
        values = elements.listed(statement.get(element))
        for value in [v for v in values if v not in there]:
            left = [v for v in values if v != value]
            if left:
                yield str(value), elements.plain(statement) | {element: elements.unlisted(left)}
    yield from _fewer_principals(statement, old)


def _fewer_principals(statement: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    new, was = statement.get("Principal"), old.get("Principal")
    if not isinstance(new, Mapping):
        return
    for kind, listed in new.items():
        values = elements.listed(listed)
        there = elements.listed(was.get(kind)) if isinstance(was, Mapping) else []
        for value in [v for v in values if v not in there]:
            left = [v for v in values if v != value]
            if left:
                yield str(value), elements.plain(statement) | {"Principal": {**new, kind: elements.unlisted(left)}}
