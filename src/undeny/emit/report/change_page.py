"""A plan and its outcome, as a person reads them before saying yes and after."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny.change.model import Outcome, Plan, Record, Step
from undeny.emit.report import words

if TYPE_CHECKING:
    from undeny.change.analysing import Analysis
    from undeny.change.sandbox import Walked

IN_FORCE = {
    "in_force": "is in force",
    "partly": "is carried out in part",
    "rolled_back": "is rolled back",
    "rolling_back": "is being rolled back",
    "applying": "was interrupted",
}
VERIFIED = {"allowed": "allowed", "denied": "still denied", "unknown": "not known", "not_checked": "not checked"}
OTHERS = {
    "stands": "the edit stands there",
    "open": "the edit is still open",
    "changed": "something else stands there",
    "not_read": "not read: give --reader with a profile of that account",
}
_LABEL = 11


def plan_lines(plan: Plan) -> Iterator[Table | Padding]:
    """Give the plan: with whose credentials, the calls, the lines that differ, what is one-way, whom else it touches."""
    where = f", profile {plan.profile}" if plan.profile else ""
    yield _row("with", f"{words.principal(plan.by)}{where}{f', {plan.region}' if plan.region else ''}")
    for step in plan.steps:
        yield from _step(step)
    touched = tuple(dict.fromkeys(t for step in plan.steps for t in step.touches))
    yield _row("touches", "; ".join(touched) if touched else "nobody else, as far as could be read")
    for warning in plan.warnings:
        yield _row("note", warning, "yellow")
    for window in dict.fromkeys(window for step in plan.steps for window in step.windows):
        yield _row("window", f"a maintenance window is due: {window.why}; {window.settles} ({window.source})", "yellow")
    if plan.notice:
        yield _row("", "undeny plan prints the notice to whoever depends on it, ready to send")
    if plan.names:
        yield _row("asks", f"the name of each step that weakens a guard or is one-way: {', '.join(plan.names)}", "yellow")


def _step(step: Step) -> Iterator[Table | Padding]:
    if step.elsewhere:
        yield _row("theirs", f"{step.title}: with a profile of that account, undeny apply again")
        return
    if not step.calls:
        yield _row("you", step.title or "change the call")
        return
    for action, on in step.calls:
        yield _row("would", f"{action}  {on}{f'   reversible: {step.undo}' if step.undo else ''}")
    for line in (line for line in step.diff if not line.startswith("@@")):
        style = {"+": "green", "-": "red"}.get(line[:1], "dim")
        yield Padding(Text(line, style=style), (0, 0, 0, _LABEL))
    for danger in step.dangers:
        yield _row("careful", f"{danger.why} ({danger.source})", "yellow")
    if step.before_sha256:
        yield _row("before", f"{len(step.before or ''):,} characters, sha256 {step.before_sha256[:8]}…: saved before anything is written")


def outcome_lines(outcome: Outcome, home: str) -> Iterator[Table | Text]:
    """Give what was done: saved, applied, read back, verified, and how to undo it."""
    record = outcome.record
    for done in record.steps:
        if done.phase == "apply" and (digest := _digest(record, done.number)):
            yield _row("saved", f"the text before (sha256 {digest[:8]}…) in {home}")
            break
    if record.export:
        yield _row("exported", f"{record.export}/{record.id}")
    for action in dict.fromkeys(
        done.action for done in record.steps if done.phase == ("undo" if record.state == "rolled_back" else "apply")
    ):
        yield _row("applied" if record.state != "rolled_back" else "undone", action)
    same = "identical" if outcome.exact else "the same policy"
    yield _row("read back", f"{same} after {outcome.seconds:.1f} s")
    for other in outcome.others:
        yield _row("theirs", f"{other.title}: {OTHERS[other.state]}", "" if other.state == "stands" else "yellow")
    verified = "denied again" if _is_back(outcome) else VERIFIED[outcome.verification.verified]
    yield _row("verified", f"{verified}: {outcome.verification.how}")
    if outcome.analysis is not None:
        yield from analysis_lines(outcome.analysis)
    undo = f" Undo: undeny rollback {record.id}" if record.state in ("in_force", "partly") else ""
    yield Text(f"change {record.id} {IN_FORCE[record.state]}.{undo}", style="bold")


def _is_back(outcome: Outcome) -> bool:
    return outcome.record.state == "rolled_back" and outcome.verification.verified == "denied"


def analysis_lines(analysis: "Analysis") -> Iterator[Table]:
    """Give what IAM Access Analyzer said: what is new first, then of each document, then what was not looked at."""
    for finding in analysis.new:
        yield _row("analyzer", f"new: {_finding(finding)}", "red")
    for finding in analysis.standing:
        yield _row("analyzer", f"{'as before' if analysis.before else 'now (nobody looked before)'}: {_finding(finding)}")
    for finding in analysis.gone:
        yield _row("analyzer", f"gone: {_finding(finding)}", "green")
    if analysis.enabled and analysis.before and not (analysis.new or analysis.gone or analysis.standing):
        yield _row("analyzer", "no access from outside, before and after")
    for said in analysis.validated:
        for remark in said.remarks or ():
            style = "red" if remark.kind == "ERROR" else "yellow"
            yield _row("validated", f"{said.title}: {remark.kind} {remark.code}: {remark.text} ({remark.link})", style)
        if said.remarks is None or not said.remarks:
            yield _row("validated", f"{said.title}: {said.why or 'IAM Access Analyzer remarks nothing'}")
    for check in analysis.checks:
        holds = {True: "holds", False: "does not hold", None: "not answered"}[check.holds]
        yield _row("checked", f"{check.title}: {check.check} {holds}: {check.why}", "red" if check.holds is False else "")
    for note in analysis.notes:
        yield _row("note", note)


def _finding(finding: Any) -> str:
    who = "everybody" if finding.public else ", ".join(finding.principal.values()) or "somebody outside"
    return f"{who} may {', '.join(finding.actions) or 'act'} on {finding.resource}"


def sandbox_lines(walked: "Walked") -> Iterator[Table]:
    """Give what the walk in the sandbox came to."""
    yield _row("sandbox", f"account {walked.account}: applied, {VERIFIED[walked.applied.verification.verified]}, rolled back", "green")
    how = walked.undone.verification.how
    yield _row("", f"{how}")


def _digest(record: Record, number: int) -> str | None:
    for done in record.steps:
        if done.number == number:
            found = done.standing.get("text")
            return str(found) if found else None
    return None


def _row(label: str, text: str, style: str = "") -> Table:
    row = Table.grid(padding=0)
    row.add_column(width=_LABEL, style="dim", no_wrap=True)
    row.add_column(ratio=1, overflow="fold")
    row.add_row(label, Text(text, style=style))
    return row
