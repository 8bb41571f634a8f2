"""Walks as SARIF 2.1.0: what code scanning shows beside the line at fault, with the change that mends it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from undeny import __version__, diagnose
from undeny.emit.report.page import page_of
from undeny.emit.report.spots import Spot, Swap
from undeny.pipeline import Walk

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"proven": "error", "stated": "error", "likely": "warning", "unknown": "note"}
_ROOT = "%SRCROOT%"


def sarif(found: Iterable[tuple[Walk, tuple[Spot, ...], str]]) -> dict[str, Any]:
    """Write walks, each with its places and its fingerprint, as one run. A walk without a place has a result without a location."""
    held = list(found)
    codes = list(dict.fromkeys(walk.explanation.cause.code for walk, _, _ in held))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "undeny", "semanticVersion": __version__, "rules": [_rule(code) for code in codes]}},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the repository"}}},
                "results": [_result(walk, spots, mark, codes) for walk, spots, mark in held],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    info = diagnose.catalogue().get(code)
    rule: dict[str, Any] = {"id": code, "name": "".join(part.title() for part in code.split("-"))}
    if info is None:
        return rule
    return rule | {
        "shortDescription": {"text": info.title},
        "fullDescription": {"text": info.text.split("\n\n")[0]},
        "helpUri": info.source,
        "help": {"text": info.text, "markdown": info.text},
        "properties": {"tags": [info.bucket]},
    }


def _result(walk: Walk, spots: tuple[Spot, ...], mark: str, codes: list[str]) -> dict[str, Any]:
    shown = walk.explanation
    page = page_of(walk)
    result: dict[str, Any] = {
        "ruleId": shown.cause.code,
        "ruleIndex": codes.index(shown.cause.code),
        "level": _LEVELS[shown.cause.certainty],
        "message": {"text": "\n".join([page.summary, *page.because])},
        "partialFingerprints": {"undeny/denial/v1": mark},
        "properties": {"certainty": shown.cause.certainty, "bucket": shown.bucket},
    }
    if spots:
        result["locations"] = [
            {"physicalLocation": {"artifactLocation": _file(spot.path), "region": {"startLine": spot.line}}, "message": {"text": spot.what}}
            for spot in spots
        ]
    swaps = [swap for spot in spots for swap in spot.swaps]
    if swaps and page.fixes:
        result["fixes"] = [{"description": {"text": page.fixes[0].title}, "artifactChanges": list(_changes(swaps))}]
    return result


def _changes(swaps: list[Swap]) -> Iterator[dict[str, Any]]:
    for path in dict.fromkeys(swap.path for swap in swaps):
        yield {"artifactLocation": _file(path), "replacements": [_replacement(swap) for swap in swaps if swap.path == path]}


def _replacement(swap: Swap) -> dict[str, Any]:
    region = {"startLine": swap.line, "startColumn": swap.column, "endLine": swap.end_line, "endColumn": swap.end_column}
    return {"deletedRegion": region, "insertedContent": {"text": swap.text}}


def _file(path: str) -> dict[str, str]:
    return {"uri": quote(path), "uriBaseId": _ROOT}
