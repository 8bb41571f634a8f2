"""All rules over one document."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, get_args

from undeny import dropins
from undeny.errors import UndenyError
from undeny.iam import document as documents
from undeny.iam.model import Document
from undeny.prove.validating.model import Finding, Kind, Spot

_RULES = "undeny.prove.validating.rules"


def validate(document: str | bytes | Mapping[str, Any] | Document, kind: Kind = "identity") -> tuple[Finding, ...]:
    """Find what is wrong in a policy of that kind, in the order of its text. Raises `UndenyError` for what is no JSON at all."""
    if kind not in get_args(Kind):
        raise UndenyError(f"a policy is of type {', '.join(get_args(Kind))}, not `{kind}`", code="bad-policy-type")
    read = document if isinstance(document, Document) else documents.read(document)
    found: dict[tuple[str, str], Finding] = {}
    for rule in dropins.load_all(_RULES):
        for spot in rule.check(read, kind):
            finding = _finding(read, rule, spot)
            found.setdefault((finding.code, finding.path), finding)
    return tuple(sorted(found.values(), key=_position))


def _finding(document: Document, rule: ModuleType, spot: Spot) -> Finding:
    where = documents.locate_key(document, spot.path) if spot.name else None
    return Finding(
        code=spot.code,
        level=spot.level,
        message=spot.message,
        path=documents.path_text(spot.path),
        place=None if document.from_mapping else where or documents.locate(document, spot.path),
        help=spot.help,
        source=spot.source or rule.SOURCE,
    )


def _position(finding: Finding) -> tuple[int, str, str]:
    return (finding.place.offset if finding.place else 0, finding.path, finding.code)
