"""Edits to policy documents: plain JSON in, plain JSON out, every element that we do not know kept as it is.

Nothing here decides whether an edit is a good one. A document is never changed in place: each function gives a new one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from undeny.iam import elements

Json = dict[str, Any]
VERSION = "2012-10-17"
"""The version whose rules (variables) every new document wants:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html"""


def with_statements(document: Mapping[str, Any] | None, changed: Sequence[Mapping[str, Any]]) -> Json:
    """Give the document with these statements; a new one where there was none. Elements beside `Statement` stay."""
    after: Json = elements.plain(document) if document else {"Version": VERSION}
    after["Statement"] = [elements.plain(s) for s in changed]
    return after


def replaced(document: Mapping[str, Any], index: int, statement: Mapping[str, Any]) -> Json:
    """Give the document with statement `index` replaced; one single object stays an object."""
    after: Json = elements.plain(document)
    if isinstance(after.get("Statement"), Mapping):
        after["Statement"] = elements.plain(statement)
        return after
    after["Statement"][index] = elements.plain(statement)
    return after


def added(document: Mapping[str, Any] | None, statement: Mapping[str, Any]) -> Json:
    """Give the document with `statement`, merged into one that is there where that opens nothing more, else behind the last."""
    there = elements.statements(document)
    for index, old in enumerate(there):
        merged = merge(old, statement)
        if merged is not None and document is not None:
            return replaced(document, index, merged)
    return with_statements(document, [*there, _with_free_sid(statement, there)])


def merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> Json | None:
    """Give one statement that allows exactly what `old` and `new` allow together, `None` where no rectangle does.

    Two statements with the same principal and condition make a rectangle of actions by resources when they share the actions or
    share the resources. A statement without the element (a trust policy has no `Resource`) shares it with another without.
    """
    if old.get("Effect") != "Allow" or not _same_but_lists(old, new):
        return None
    sides: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
        ("Action", _folded(old.get("Action"), str.lower), _folded(new.get("Action"), str.lower)),
        ("Resource", _folded(old.get("Resource"), str), _folded(new.get("Resource"), str)),
        ("Principal", _named(old.get("Principal")), _named(new.get("Principal"))),
    )
    if all(there >= more for _, there, more in sides):
        return elements.plain(old)  # type: ignore[no-any-return] # plain gives what it was given, a dict
    differ = [name for name, there, more in sides if there != more]
    if len(differ) != 1:
        return None
    merged: Json = elements.plain(old)
    name = differ[0]
    merged[name] = _principals(old[name], new[name]) if name == "Principal" else _union(old[name], new[name], fold=name == "Action")
    return merged


def _folded(value: Any, fold: Callable[[str], str]) -> frozenset[str]:
    return frozenset(fold(str(v)) for v in elements.listed(value))


def _named(element: Any) -> frozenset[str]:
    """Give a `Principal` as a set: each kind with each of its values."""
    if isinstance(element, Mapping):
        return frozenset(f"{kind} {value}" for kind, values in element.items() for value in elements.listed(values))
    return frozenset() if element is None else frozenset({str(element)})


def _same_but_lists(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the statements differ in nothing but Action, Resource, Principal and Sid, and hold the same of those elements."""
    if set(old) - {"Sid"} != set(new) - {"Sid"}:
        return False
    who = (old.get("Principal"), new.get("Principal"))
    if elements.plain(who[0]) != elements.plain(who[1]) and not all(isinstance(w, Mapping) for w in who):
        return False
    rest = set(old) - {"Sid", "Action", "Resource", "Principal"}
    return all(elements.plain(old[name]) == elements.plain(new[name]) for name in rest)


def _union(old: Any, new: Any, *, fold: bool) -> list[Any]:
    """Give the values of both, each once; actions are the same in any case."""
    there = {str(v).lower() if fold else str(v) for v in elements.listed(old)}
    return [*elements.listed(old), *(v for v in elements.listed(new) if (str(v).lower() if fold else str(v)) not in there)]


def _principals(old: Mapping[str, Any], new: Mapping[str, Any]) -> Json:
    after: Json = elements.plain(old)
    for kind, values in new.items():
        after[kind] = elements.unlisted(_union(old.get(kind), values, fold=False))
    return after


def _with_free_sid(statement: Mapping[str, Any], there: Iterable[Mapping[str, Any]]) -> Json:
    """Give the statement with a `Sid` that no other has: IAM refuses two of the same."""
    taken = {s.get("Sid") for s in there}
    after: Json = elements.plain(statement)
    sid, number = after.get("Sid"), 2
    while sid is not None and sid in taken:
        sid, number = f"{after['Sid']}{number}", number + 1
    if sid is not None:
        after["Sid"] = sid
    return after


def condition_block(statement: Mapping[str, Any], operator: str, key: str) -> tuple[str, str] | None:
    """Give operator and key as the statement spells them, `None` where it has no such condition."""
    for written, block in (statement.get("Condition") or {}).items():
        if written.lower() != operator.lower() or not isinstance(block, Mapping):
            continue
        for name in block:
            if name.lower() == key.lower():
                return written, name
    return None


def with_condition_values(statement: Mapping[str, Any], operator: str, key: str, values: Sequence[str]) -> Json:
    """Give the statement with `values` as the values of that key under that operator; the block is made where there is none."""
    after: Json = elements.plain(statement)
    spelled = condition_block(statement, operator, key) or (operator, key)
    after.setdefault("Condition", {}).setdefault(spelled[0], {})[spelled[1]] = elements.unlisted(list(values))
    return after


def without_condition(statement: Mapping[str, Any], operator: str, key: str) -> Json:
    """Give the statement without that key; an operator or block that is empty then goes too."""
    after: Json = elements.plain(statement)
    spelled = condition_block(statement, operator, key)
    if spelled is None:
        return after
    after["Condition"][spelled[0]].pop(spelled[1])
    if not after["Condition"][spelled[0]]:
        after["Condition"].pop(spelled[0])
    if not after["Condition"]:
        after.pop("Condition")
    return after
