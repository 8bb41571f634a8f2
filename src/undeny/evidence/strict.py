"""JSON in which no name may stand twice: of two `Statement` elements a lax reader silently drops one."""

import json
from typing import Any

from undeny.errors import UndenyError


def loads(text: str | bytes) -> Any:
    """Read JSON. Raises `ValueError` where it is none, `UndenyError` where an object has a name twice."""
    return json.loads(text, object_pairs_hook=_object)


def values(text: str) -> tuple[Any, ...] | None:
    """Read one JSON value, or one a line; `None` where it is neither. Raises `UndenyError` as `loads`."""
    try:
        return (loads(text),)
    except ValueError:
        pass
    try:
        return tuple(loads(line) for line in text.splitlines() if line.strip())
    except ValueError:
        return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    raise UndenyError(
        f"an object has `{twice}` twice: which of them counts nobody can say",
        code="duplicate-key",
        help=("AWS refuses such a policy; keep one of the two",),
    )
