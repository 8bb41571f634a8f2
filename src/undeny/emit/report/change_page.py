"""A plan and its outcome, as a person reads them before saying yes and after."""

from collections.abc import Iterator

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny.change.model import Outcome, Plan, Record, Step
from undeny.emit.report import words

IN_FORCE = {"in_force": "is in force", "partly": "is carried out in part", "rolled_back": "is rolled back", "applying": "was interrupted"}
VERIFIED = {"allowed": "allowed", "denied": "still denied", "unknown": "not known", "not_checked": "not checked"}
_LABEL = 11


def plan_lines(plan: Plan) -> Iterator[Table | Padding]:
    """Give the plan: with whose credentials, the calls, the lines that differ, what is one-way, whom else it touches."""
    where = f", profile {plan.profile}" if plan.profile else ""
    yield _row("with", f"{words.principal(plan.by)}{where}{f', {plan.region}' if plan.region else ''}")
    for step in plan.steps:
        yield from _step(step)
    touched = tuple(dict.fromkeys(t for step in plan.steps for t in step.touches))
    yield _row("touches", "; ".join(touched) if touched else "nothing else that could be found has this policy")
    for warning in plan.warnings:
        yield _row("note", warning, "yellow")


def _step(step: Step) -> Iterator[Table | Padding]:
    if step.elsewhere:
        yield _row("theirs", f"{step.title}: with a profile of that account, undeny apply again")
        return
    if not step.calls:
        yield _row("you", step.title or "change the call")
        return
    for action, on in step.calls:
        undo = f"   reversible: {step.undo}" if step.undo and not step.dangers else ""
        yield _row("would", f"{action}  {on}{undo}")
    for line in (line for line in step.diff if not line.startswith("@@")):
        style = {"+": "green", "-": "red"}.get(line[:1], "dim")
        yield Padding(Text(line, style=style), (0, 0, 0, _LABEL))
    for danger in step.dangers:
        yield _row("careful", f"{danger.why} ({danger.source})", "yellow")


def outcome_lines(outcome: Outcome, home: str) -> Iterator[Table | Text]:
    """Give what was done: saved, applied, read back, verified, and how to undo it."""
    record = outcome.record
    for done in record.steps:
        if done.phase == "apply" and (digest := _digest(record, done.number)):
            yield _row("saved", f"the text before (sha256 {digest[:8]}…) in {home}")
            break
    for action in dict.fromkeys(
        done.action for done in record.steps if done.phase == ("undo" if record.state == "rolled_back" else "apply")
    ):
        yield _row("applied" if record.state != "rolled_back" else "undone", action)
    same = "identical" if outcome.exact else "the same policy"
    yield _row("read back", f"{same} after {outcome.seconds:.1f} s")
    yield _row("verified", f"{VERIFIED[outcome.verification.verified]}: {outcome.verification.how}")
    undo = f" Undo: undeny rollback {record.id}" if record.state in ("in_force", "partly") else ""
    yield Text(f"change {record.id} {IN_FORCE[record.state]}.{undo}", style="bold")


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
