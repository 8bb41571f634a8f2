"""Write the same policy shorter: merge statements that differ in one place, drop what another one takes in, split what is left.

Nothing is ever widened: each rule here keeps the set of requests, and what calls it has `prove` show that.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from undeny.iam import elements, wildcard, write

Statement = dict[str, Any]
LISTS = ("Action", "NotAction", "Resource", "NotResource")
UNIONS = ("Action", "Resource")
"""Elements of which two statements, otherwise the same, say together what one says with both lists."""
POSITIVE = ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress")
"""Operators under which a key with two values is one value or the other."""


def merge(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Give the same policy with fewer statements and entries; ids of statements stay where a statement stays.

    >>> s3 = {"Effect": "Allow", "Resource": "*"}
    >>> merge({"Statement": [s3 | {"Action": "s3:GetObject"}, s3 | {"Action": "s3:PutObject"}]})["Statement"]
    [{'Effect': 'Allow', 'Resource': '*', 'Action': ['s3:GetObject', 's3:PutObject']}]
    """
    if not _is_readable(policy):
        return dict(policy)
    found = [_tidy(one) for one in elements.statements(policy)]
    while len(shorter := _merged_through(found)) < len(found):
        found = shorter
    return {**policy, "Statement": found}


def without_ids(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Give the same policy without the ids of its statements, which decide nothing."""
    if not _is_readable(policy):
        return dict(policy)
    return {**policy, "Statement": [{key: value for key, value in one.items() if key != "Sid"} for one in elements.statements(policy)]}


def split(policy: Mapping[str, Any], limit: int, kind: str = "identity") -> tuple[dict[str, Any], ...] | None:
    """Give documents of at most `limit` characters, as AWS counts them, that together say the same; `None` where a statement cannot be cut.

    For policies that are read together: several of one identity, several at one level of an organisation.
    """
    if not _is_readable(policy):
        return None
    frame = {key: value for key, value in policy.items() if key not in ("Statement", "Id")}

    def fits(statements: Sequence[Statement]) -> bool:
        return write.size({**frame, "Statement": list(statements)}, kind) <= limit

    pieces: list[Statement] = []
    for one in elements.statements(policy):
        cut = _cut(one, fits)
        if cut is None:
            return None
        pieces += cut
    documents: list[list[Statement]] = []
    for piece in sorted(pieces, key=lambda one: -write.size(one, kind)):
        room = next((several for several in documents if fits([*several, piece])), None)
        if room is None:
            documents.append([piece])
        else:
            room.append(piece)
    return tuple(_labelled_once(merge({**frame, "Statement": statements})) for statements in documents)


def _labelled_once(policy: dict[str, Any]) -> dict[str, Any]:
    """Drop an id that another statement of the document has: AWS refuses it."""
    seen: set[str] = set()
    for one in policy["Statement"]:
        if one.get("Sid") in seen:
            del one["Sid"]
        seen.add(one.get("Sid", ""))
    return policy


def _is_readable(policy: Mapping[str, Any]) -> bool:
    """Whether every statement is one: what AWS refuses anyway stays as it is."""
    found = policy.get("Statement", [])
    return isinstance(found, Mapping) or (isinstance(found, list | tuple) and all(isinstance(one, Mapping) for one in found))


def _tidy(one: Statement) -> Statement:
    """Drop entries that another entry of the same list takes in."""
    for element in LISTS:
        if one.get(element):
            fold = element in ("Action", "NotAction")
            one[element] = elements.unlisted(_needed(elements.listed(one[element]), fold=fold))
    return one


def _needed(texts: Sequence[str], *, fold: bool) -> list[str]:
    once = list({text.lower() if fold else text: text for text in reversed(texts)}.values())[::-1]
    wild = [text for text in once if "*" in text or "?" in text]
    return [text for text in once if not any(other is not text and _takes_in(other, text, fold=fold) for other in wild)]


def _takes_in(wider: str, narrower: str, *, fold: bool) -> bool:
    """Whether an entry takes in another for certain: actions as texts, ARNs where they differ behind their first five colons only."""
    if fold:
        wider, narrower = wider.lower(), narrower.lower()
    if wider in ("*", narrower):
        return True
    head = re.split(r"[*?]", wider, maxsplit=1)[0]
    if head == wider or not narrower.startswith(head):
        return False
    if fold:
        return wildcard.covers(wider, narrower)
    if "${" in wider or "${" in narrower:
        return False
    one, other = wider.split(":", 5), narrower.split(":", 5)
    return len(one) == len(other) == 6 and one[:5] == other[:5] and wildcard.covers(one[5], other[5])


def _merged_through(found: Sequence[Statement]) -> list[Statement]:
    """Go once through the statements, and merge each into the first before it that takes it in."""
    kept: list[Statement] = []
    for one in found:
        for at, other in enumerate(kept):
            both = _merged(other, one)
            if both is not None:
                kept[at] = both
                break
        else:
            kept.append(one)
    return kept


def _merged(one: Statement, other: Statement) -> Statement | None:
    keys = (one.keys() | other.keys()) - {"Sid"}
    differ = [key for key in keys if key not in one or key not in other or not _same(key, one[key], other[key])]
    label = {"Sid": one["Sid"]} if "Sid" in one else {}
    if not differ:
        return {**one, **label}
    if len(differ) == 1 and differ[0] in UNIONS and differ[0] in one and differ[0] in other:
        element = differ[0]
        return _tidy({**one, element: [*elements.listed(one[element]), *elements.listed(other[element])]})
    if differ == ["Condition"] and (condition := _either(one.get("Condition"), other.get("Condition"))) is not None:
        kept = {key: value for key, value in one.items() if key != "Condition"}
        return {**kept, "Condition": condition} if condition else kept
    for wider, narrower in ((one, other), (other, one)):
        if _all_of(wider, narrower, differ):
            return wider
    return None


def _same(key: str, one: Any, other: Any) -> bool:
    if key in LISTS:
        fold = key in ("Action", "NotAction")
        left, right = ({text.lower() if fold else text for text in elements.listed(value)} for value in (one, other))
        return left == right
    return bool(one == other)


def _either(one: Any, other: Any) -> Any:
    """Give the condition that holds where one of the two does: none at all, or one key's values together; `None` where nothing says it."""
    if not one or not other:
        return {}
    if one.keys() != other.keys():
        return None
    differ = [operator for operator in one if one[operator] != other[operator]]
    if len(differ) != 1 or differ[0].removesuffix("IfExists") not in POSITIVE or one[differ[0]].keys() != other[differ[0]].keys():
        return None
    operator = differ[0]
    keys = [key for key in one[operator] if one[operator][key] != other[operator][key]]
    if len(keys) != 1:
        return None
    values = list(dict.fromkeys([*elements.listed(one[operator][keys[0]]), *elements.listed(other[operator][keys[0]])]))
    return {**one, operator: {**one[operator], keys[0]: values}}


def _all_of(wider: Statement, narrower: Statement, differ: Sequence[str]) -> bool:
    """Whether one statement takes in another of the same effect: more actions, more resources, no condition."""
    if "Effect" in differ:
        return False
    for key in differ:
        if key == "Condition" and "Condition" not in wider:
            continue
        if key not in UNIONS or key not in wider or key not in narrower:
            return False
        fold = key == "Action"
        if not all(any(_takes_in(one, text, fold=fold) for one in elements.listed(wider[key])) for text in elements.listed(narrower[key])):
            return False
    return True


def _cut(one: Statement, fits: Callable[[Sequence[Statement]], bool]) -> list[Statement] | None:
    """Cut a statement into ones that fit, at its actions or else its resources."""
    if fits([one]):
        return [one]
    longest = max(
        (key for key in UNIONS if key in one and len(elements.listed(one[key])) > 1), key=lambda key: len(str(one[key])), default=None
    )
    if longest is None:
        return None
    texts = elements.listed(one[longest])
    found: list[Statement] = []
    for at, half in enumerate((texts[: len(texts) // 2], texts[len(texts) // 2 :])):
        labelled = {**one, "Sid": f"{one['Sid']}{at + 1}"} if "Sid" in one else one
        cut = _cut({**labelled, longest: elements.unlisted(half)}, fits)
        if cut is None:
            return None
        found += cut
    return found
