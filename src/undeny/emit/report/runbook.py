"""A change as a runbook page: for whoever meets the same denial again."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from undeny import guard
from undeny.change.runbooks import Runbook, RunbookStep
from undeny.denial.model import Denial
from undeny.emit.report import blocks
from undeny.emit.report.blocks import Block, Code, Heading, Items, Line, Paragraph, Rows, bold, code, line
from undeny.emit.report.page import PROOF_WORDS
from undeny.errors import UndenyError
from undeny.guard import pattern

FORMATS = ("markdown", "html", "confluence")
SEEN = ("error_code", "principal", "action", "resource", "region", "request_id", "event_time")
VERIFIED = {
    "allowed": "The call is let through",
    "denied": "The call is still refused",
    "unknown": "Whether the call is let through is not known",
    "not_checked": "Whether the call is let through was not checked",
}
STATES = {"applying": "not finished", "in_force": "in force", "partly": "only partly carried out", "rolled_back": "rolled back"}


def render(book: Runbook, form: str) -> str:
    """Write the page in one of `FORMATS`."""
    if form == "html":
        return blocks.html(page(book), title(book))
    return blocks.storage(page(book)) if form == "confluence" else blocks.markdown(page(book))


def title(book: Runbook) -> str:
    """Give the page's title: one of its own for each change, so that publishing it again finds it."""
    return f"Runbook {book.change}: {' '.join(book.title.split())}"[:250]


def page(book: Runbook) -> Iterator[Block]:
    """Give the page's blocks."""
    seen = book.explanation or {}
    yield Heading(1, f"{book.title[:1].upper()}{book.title[1:]}")
    yield Paragraph(
        line("Change ", code(book.change), f" ({STATES.get(book.state, book.state)}), made {book.created[:16]} UTC in account ",
             code(book.account), " by ", code(book.by), ".")
    )  # fmt: skip
    yield from _section("Symptom", _symptom(seen.get("denial") or {}))
    yield from _section("Cause", _cause(seen.get("cause") or {}, seen))
    yield from _section("Before you begin", _before(book))
    yield from _section("Fix", _fix(book))
    yield from _section("How it was verified", _verified(book))
    yield from _section("Roll back", _back(book))
    yield from _section("Hear of it next time", _next_time(book, seen.get("denial") or {}))


def _section(name: str, held: Iterable[Block]) -> Iterator[Block]:
    yield Heading(2, name)
    yield from held


def _symptom(denial: Mapping[str, Any]) -> Iterator[Block]:
    text = denial.get("message") or denial.get("text")
    if text:
        yield Code(str(text))
    rows = tuple((name.replace("_", " "), line(code(denial[name]))) for name in SEEN if denial.get(name))
    if rows:
        yield Rows(rows)
    if not text and not rows:
        yield Paragraph(line("The change was applied from a file; what was seen was not saved here."))


def _cause(cause: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    if not cause:
        yield Paragraph(line("The change was applied from a file; its explanation was not saved here."))
        return
    yield Paragraph(line(bold(cause["code"]), f" ({cause['certainty']}): {cause['summary']}"))
    because = tuple(line(text) for text in cause.get("because") or ())
    if because:
        yield Items(because)
    layers = (seen.get("verdict") or {}).get("layers") or {}
    told = tuple(
        (name.replace("_", " "), line(outcome.replace("_", " "))) for name, outcome in layers.items() if outcome != "not_applicable"
    )
    if told:
        yield Paragraph(line("How each layer of policies decided the call:"))
        yield Rows(told)
    ruled_out = tuple(line("not ", code(other["code"]), f": {other['why']}") for other in seen.get("ruled_out") or ())
    if ruled_out:
        yield Items(ruled_out)


def _before(book: Runbook) -> Iterator[Block]:
    lines: list[Line] = [line("Credentials of the account above that may make the calls below; ", code("undeny plan"), " shows them.")]
    lines += [line(f"It was proved unless this says otherwise: {one}") for one in book.assumes]
    lines += [line(f"Owner: {book.owner}")] if book.owner else []
    lines += [
        line(code(step.action), f": {step.danger.why} ({step.danger.source})")
        for step in book.steps
        if step.danger and step.phase == "apply"
    ]
    yield Items(tuple(lines))


def _fix(book: Runbook) -> Iterator[Block]:
    for step in book.steps:
        if step.phase == "apply":
            yield from _step(step)
    proofs = tuple(line(_proof(one)) for one in book.proofs)
    if proofs:
        yield Paragraph(line("Proved of it before it was carried out:"))
        yield Items(proofs)


def _proof(one: Mapping[str, Any]) -> str:
    said = PROOF_WORDS.get(str(one.get("obligation")), str(one.get("obligation")).replace("_", " "))
    mark = {True: "holds", False: "does not hold"}.get(one.get("holds"), "not decided")  # type: ignore[arg-type]  # None is no key: not decided
    how = f": {one['how']}" if one.get("how") else ""
    unless = f" (unless {'; '.join(one['unless'])})" if one.get("unless") else ""
    return f"{said}: {mark}{how}{unless}"


def _step(step: RunbookStep) -> Iterator[Block]:
    yield Paragraph(line(bold(f"{step.number}. {step.action}"), f", {step.title} ({step.at[:19]} UTC): {step.outcome}"))
    if step.before is None:
        yield Paragraph(line("Before: nothing stood there."))
    else:
        yield Paragraph(line("Before (sha256 ", code(step.before_sha256), "):"))
        yield Code(step.before, "json")
    if step.after is not None:
        yield Paragraph(line("After:"))
        yield Code(json.dumps(step.after, indent=2), "json")


def _verified(book: Runbook) -> Iterator[Block]:
    if book.verification:
        yield Paragraph(line(f"{VERIFIED[book.verification.verified]}: {book.verification.how}."))
        needs = tuple(line(f"not known without: {one}") for one in book.verification.needs)
        if needs:
            yield Items(needs)
    else:
        yield Paragraph(line("It was not verified."))
    yield Paragraph(line("Again, on policies read afresh (", code("--caller PROFILE"), " repeats the call itself):"))
    yield Code(book.verify, "shell")


def _back(book: Runbook) -> Iterator[Block]:
    yield Paragraph(line("This puts back exactly what was there, and refuses where somebody changed it since:"))
    yield Code(book.undo, "shell")
    undone = tuple(
        line(f"{step.at[:19]} UTC: ", code(step.action), f" ({step.title}): {step.outcome}") for step in book.steps if step.phase == "undo"
    )
    if undone:
        yield Paragraph(line("It was rolled back:"))
        yield Items(undone)


def _next_time(book: Runbook, denial: Mapping[str, Any]) -> Iterator[Block]:
    if book.watch:
        yield Paragraph(line("Whether the same denial comes back:"))
        yield Code(book.watch, "shell")
    told = _filter(denial)
    if told is not None and denial:
        again = f"undeny guard alarm {(book.explanation or {}).get('id') or ''}".rstrip()
        yield Paragraph(
            line("An alarm on it, tried on the trail first (", code("--trail PATH"), "); as code with ", code("--as terraform"), ":")
        )
        yield Code(again, "shell")
        yield Paragraph(line("The filter that it counts with, on the log group of a trail:"))
        yield Code(told)
    who = (denial.get("principal") or "").rpartition("/")[0] or denial.get("principal")
    if who:
        yield Paragraph(line("The denials of that caller, newest first:"))
        yield Code(f"undeny find --live --since 7d --principal {_role(denial)}", "shell")


def _role(denial: Mapping[str, Any]) -> str:
    from undeny.iam.principal import Principal  # noqa: PLC0415 - only for the last line of the page

    who = Principal.parse(str(denial.get("principal")))
    return who.role_arn or who.text


def _filter(denial: Mapping[str, Any]) -> str | None:
    try:
        return pattern.write(guard.watch_for(msgspec.convert(dict(denial), Denial)))
    except (msgspec.ValidationError, UndenyError):
        return None
