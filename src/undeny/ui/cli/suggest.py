"""What to run next: every line can be pasted as it is printed."""

from typing import Any

import msgspec

from undeny import pipeline
from undeny.errors import UndenyError
from undeny.fix.model import PolicyEdit
from undeny.ui.cli import output, saved

MOST = 4


def saved_and_completed(walked: pipeline.Walk, known: Any) -> pipeline.Walk:
    """Save a walk, and give it back with its short id and what to run next. A state folder that cannot be written is a warning."""
    try:
        short = saved.save(walked)
    except UndenyError as problem:
        output.warn((problem,))
        return walked
    return pipeline.with_id(walked, short, _commands(msgspec.structs.replace(walked.explanation, id=short), known))


def _commands(shown: pipeline.Explanation, known: Any) -> tuple[str, ...]:
    found: list[str] = []
    if not shown.verdicts and known is None and shown.requests:
        found.append(f"undeny explain {shown.id} --live")
    for number, fix in enumerate(shown.fixes[:1], 1):
        if any(isinstance(edit, PolicyEdit) for edit in fix.changes) and fix.applicability != "has_placeholders":
            found.append(f"undeny fix {shown.id} --number {number} --as terraform")
            found.append(f"undeny plan {shown.id}")
    found.append(f"undeny codes {shown.cause.code}")
    return tuple(found[:MOST])
