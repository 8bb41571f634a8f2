"""A walk as annotations of GitHub Actions.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterable

from undeny.emit.report.page import page_of
from undeny.emit.report.spots import Spot
from undeny.pipeline import Walk

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file into which a step's summary goes, as Markdown."""
MOST = 1_000_000
"""Bytes of a summary: GitHub keeps no longer one (1 MiB a step)."""


def annotations(walk: Walk, spots: Iterable[Spot]) -> str:
    """Write one annotation a spot, one without a place where there is none; what is not sure is a warning."""
    page = page_of(walk)
    level = "error" if page.sure else "warning"
    mark = page.code if page.sure else f"{page.code}?"
    lines = [page.summary, *page.because]
    lines += [f"fix: {block.title}" for block in page.fixes[:1]]
    lines += [f"undeny explain {walk.explanation.id}"] if walk.explanation.id else []
    where = [f"file={_property(spot.path)},line={spot.line}," for spot in spots] or [""]
    return "".join(f"::{level} {place}title={_property(f'denied[{mark}]')}::{_data(chr(10).join(lines))}\n" for place in where)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
