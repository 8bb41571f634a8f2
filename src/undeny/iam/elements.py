"""The elements of a policy as plain JSON: one value or a list, one statement or several."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any


def plain(value: Any) -> Any:
    """Give `value` as fresh dicts and lists, whatever mappings and tuples it is made of."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return copy.copy(value)


def listed(value: Any) -> list[Any]:
    """Give an element that may be one value or a list as a list; `[]` for one that is not there."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def unlisted(values: Sequence[Any]) -> Any:
    """Give one value as itself and several as a list: how people write policies."""
    return values[0] if len(values) == 1 else list(values)


def statements(document: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Give the statements of a document as a list of fresh objects, also where it holds a single object."""
    return [plain(s) for s in listed((document or {}).get("Statement")) if isinstance(s, Mapping)]
