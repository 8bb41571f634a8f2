"""Actions by pattern, and the one suggestion for a name that AWS does not have."""

from undeny.catalog import _store
from undeny.iam import wildcard


def expand(pattern: str) -> tuple[str, ...]:
    """Give the canonical actions that an `Action` entry matches (`s3:Get*`, `*`), sorted by service."""
    prefix, _, rest = pattern.partition(":")
    wanted = _store.prefixes() if pattern in {"*", "*:*"} else (prefix.lower(),)
    found: list[str] = []
    for one in wanted:
        shelf = _store.shelf(one)
        if shelf is not None:
            found.extend(f"{one}:{name}" for name in shelf.action_names() if wildcard.matches(rest or "*", name, ignore_case=True))
    return tuple(found)


def did_you_mean(action: str) -> str | None:
    """Give the one action that was probably meant by a name AWS does not have; `None` where it has it, or nothing is near.

    An API operation's name gives the action that decides it.

    >>> did_you_mean("s3:HeadObject"), did_you_mean("s3:GetObjects"), did_you_mean("s3:GetObject")
    ('s3:GetObject', 's3:GetObject', None)
    """
    prefix, colon, name = action.partition(":")
    if not colon or expand(action):
        return None
    shelf = _store.shelf(prefix.lower())
    if shelf is None:
        return _other_prefix(prefix.lower(), name)
    for operation in _store.operation(name):
        if operation.prefix == shelf.row.prefix and operation.actions:
            return operation.actions[0]
    near = _near(name.lower(), {one.lower(): one for one in shelf.action_names()}, 0.75)
    return f"{shelf.row.prefix}:{near}" if near is not None else None


def _other_prefix(prefix: str, name: str) -> str | None:
    """Suggest the same action of the service of that name, else of the prefix next to it: the prefix is wrong."""
    named = _store.names().get("".join(letter for letter in prefix if letter.isalnum()), ())
    near = _near(prefix, {one: one for one in _store.prefixes()}, 0.75)
    for one in (*named, *((near,) if near is not None else ())):
        shelf = _store.shelf(one)
        found = shelf.action(name) if shelf is not None else None
        if found is not None:
            return found.name
    return None


def _near(name: str, spelled: dict[str, str], cutoff: float) -> str | None:
    import difflib  # noqa: PLC0415 - only a name that AWS does not have needs it

    found = difflib.get_close_matches(name, spelled, n=1, cutoff=cutoff)
    return spelled[found[0]] if found else None
