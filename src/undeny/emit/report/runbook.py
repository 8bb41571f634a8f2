"""A change as a runbook page in Markdown: for whoever meets the same denial again."""

import json
from collections.abc import Iterator
from typing import Any

from undeny.change.runbooks import Runbook, RunbookStep


def markdown(book: Runbook) -> str:
    """Write the page."""
    return "\n".join(_lines(book)).rstrip() + "\n"


def _lines(book: Runbook) -> Iterator[str]:
    seen = book.explanation or {}
    cause = seen.get("cause") or {}
    yield f"# {book.title[:1].upper()}{book.title[1:]}"
    yield ""
    yield f"Change `{book.change}` ({book.state.replace('_', ' ')}), made {book.created} in account {book.account} by `{book.by}`."
    yield from _section("What was seen", _seen(seen.get("denial") or {}))
    yield from _section("Why", _why(cause, seen))
    yield from _section("Before you begin", _before(book))
    yield from _section("What was done", (line for step in book.steps if step.phase == "apply" for line in _step(step)))
    yield from _section("Verify", _verify(book))
    yield from _section("Roll back", [f"`{book.undo}` puts back exactly what was there, and refuses where somebody changed it since."])
    undone = [step for step in book.steps if step.phase == "undo"]
    if undone:
        yield from _section("What was undone", (f"- {step.at}: {step.action} ({step.title}): {step.outcome}" for step in undone))


def _section(title: str, lines: Any) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield from lines


def _seen(denial: dict[str, Any]) -> Iterator[str]:
    text = denial.get("message") or denial.get("text")
    if text:
        yield "```text"
        yield from str(text).splitlines()
        yield "```"
        yield ""
    for name in ("error_code", "principal", "action", "resource", "region", "request_id", "event_time"):
        if denial.get(name):
            yield f"- {name.replace('_', ' ')}: `{denial[name]}`"


def _why(cause: dict[str, Any], seen: dict[str, Any]) -> Iterator[str]:
    if not cause:
        yield "The change was applied from a file; its explanation was not saved here."
        return
    yield f"**{cause['code']}** ({cause['certainty']}): {cause['summary']}"
    for line in cause.get("because") or ():
        yield f"- {line}"
    for other in seen.get("ruled_out") or ():
        yield f"- not {other['code']}: {other['why']}"


def _before(book: Runbook) -> Iterator[str]:
    yield "- Credentials of the account above that may make the calls below; `undeny plan` shows them without writing."
    for one in book.assumes:
        yield f"- It was proved unless this says otherwise: {one}"
    if book.owner:
        yield f"- Owner: {book.owner}"
    for step in book.steps:
        if step.danger and step.phase == "apply":
            yield f"- {step.action}: {step.danger.why} ({step.danger.source})"


def _step(step: RunbookStep) -> Iterator[str]:
    yield f"{step.number}. {step.action}, {step.title} ({step.at}): {step.outcome}"
    yield ""
    yield f"   Before (sha256 {step.before_sha256}):" if step.before_sha256 else "   Before: nothing stood there."
    yield from _block(step.before)
    yield "   After:"
    yield from _block(json.dumps(step.after, indent=2) if step.after is not None else None)


def _block(text: str | None) -> Iterator[str]:
    yield ""
    if text is not None:
        yield "   ```json"
        yield from (f"   {line}" for line in text.splitlines())
        yield "   ```"
        yield ""


def _verify(book: Runbook) -> Iterator[str]:
    if book.verification:
        yield f"It was {book.verification.verified.replace('_', ' ')}: {book.verification.how}."
        yield ""
    yield f"`{book.verify}` decides the denied call again on policies read afresh; with `--caller PROFILE` it repeats the call itself."
