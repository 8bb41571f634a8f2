"""Resource types by ARN and by action."""

import re
from functools import lru_cache

from undeny.catalog import _store
from undeny.catalog.model import ResourceType
from undeny.iam import arn as arns
from undeny.iam import wildcard

_PLACE = re.compile(r"\$\{[^}]*\}")


def _separators(text: str) -> int:
    return text.count("/") + text.count(":")


@lru_cache(maxsize=4096)
def resource_types(arn: str) -> tuple[ResourceType, ...]:
    """Give the resource types whose template an ARN fits, the closest first: those with most separators and most literal text.

    >>> [kind.name for kind in resource_types("arn:aws:s3:::b/k")]
    ['object']
    """
    parsed = arns.parse(arn)
    shelf = _store.shelf(parsed.service_prefix) if parsed is not None else None
    if shelf is None:
        return ()
    fits = [kind for kind in shelf.types if wildcard.arn_matches(_PLACE.sub("*", kind.arn), arn)]
    most = max((_separators(kind.arn) for kind in fits), default=0)
    closest = [kind for kind in fits if _separators(kind.arn) == most]
    return tuple(sorted(closest, key=lambda kind: -len(_PLACE.sub("", kind.arn))))


def arn_template(action: str) -> tuple[str, ...]:
    """Give the ARN templates of the resource types that an action works on, required ones first; empty where it takes only `*`."""
    prefix, _, name = action.partition(":")
    shelf = _store.shelf(prefix.lower())
    found = shelf.action(name) if shelf is not None else None
    if shelf is None or found is None:
        return ()
    arn = {kind.name: kind.arn for kind in shelf.types}
    kinds = sorted(found.resources, key=lambda kind: not kind.required)
    return tuple(dict.fromkeys(arn[kind.name] for kind in kinds))
