"""What to run next: every line can be pasted as it is printed."""

import shlex
from datetime import UTC, datetime
from typing import Any

from undeny import pipeline
from undeny.errors import UndenyError
from undeny.fix.model import PolicyEdit
from undeny.ui.cli import output, saved

MOST = 5


def saved_and_completed(walked: pipeline.Walk, known: Any) -> pipeline.Walk:
    """Save a walk, and give it back with its short id and what to run next. A state folder that cannot be written is a warning."""
    try:
        short = saved.save(walked)
    except UndenyError as problem:
        output.warn((problem,))
        return walked
    _remember(walked)
    return pipeline.with_id(walked, short, (*_path(walked, known), *commands(walked.explanation, short, asked=known is not None)))


def _path(walked: pipeline.Walk, known: Any) -> tuple[str, ...]:
    """Give the command that draws the network path, where one was walked."""
    path = walked.explanation.path
    if path is None:
        return ()
    read = f"--evidence {shlex.quote(known)}" if isinstance(known, str) else "--live"
    return (f"undeny network --from {shlex.quote(path['from'])} --to {shlex.quote(path['to'])} {read}",)


def _remember(walked: pipeline.Walk) -> None:
    """Save the ids of the request with its time, and so the day on which AWS forgets it; without a time it is the time of reading."""
    seen = walked.explanation.denial
    if not (seen.request_id or seen.event_id):
        return
    from undeny.change.seen import SeenRequest, SeenRequests  # noqa: PLC0415 - the store is opened only when there is something to save

    row = SeenRequest(
        request_id=seen.request_id,
        event_id=seen.event_id,
        time=seen.event_time or datetime.now(UTC),
        region=seen.region,
        who=seen.principal,
        what=seen.action or seen.operation,
        cause=walked.explanation.cause.code,
    )
    try:
        SeenRequests().add([row])
    except UndenyError as problem:
        output.warn((problem,))


def _settles(shown: pipeline.Explanation) -> bool:
    """Whether reading would settle it: who called, and on what, is said."""
    main = shown.requests[0] if shown.requests else None
    return main is not None and main.principal is not None and "resource" not in main.unknown_keys


def _elsewhere(shown: pipeline.Explanation, short: str) -> list[str]:
    """Give what goes on with the first fix where it is another's to make, or stands in code."""
    fix = next(iter(shown.fixes), None)
    edits = [edit for edit in fix.changes if isinstance(edit, PolicyEdit)] if fix else []
    if fix is None or not edits or fix.applicability == "has_placeholders":
        return []
    found = [f"undeny fix {short} --in ."] if fix.managed_by in ("terraform", "cloudformation") else []
    theirs = fix.owner == "organization" and any(edit.layer in ("scp", "rcp") for edit in edits)
    return found + ([f"undeny fix {short} --for-owner {fix.owner}"] if theirs or (fix.owner or "").isdigit() else [])


def commands(shown: pipeline.Explanation, short: str, *, asked: bool = False) -> tuple[str, ...]:
    """Give what to run next on an explanation that is saved as `short`; `asked`: AWS or a snapshot was read already."""
    found: list[str] = []
    if not shown.verdicts and not asked and _settles(shown):
        found.append(f"undeny explain {short} --live")
    for number, fix in enumerate(shown.fixes[:1], 1):
        if any(isinstance(edit, PolicyEdit) for edit in fix.changes) and fix.applicability != "has_placeholders":
            found.append(f"undeny fix {short} --number {number} --as terraform")
            found.append(f"undeny plan {short}")
    found += _elsewhere(shown, short)
    found.append(f"undeny codes {shown.cause.code}")
    return tuple(found[:MOST])
