"""Carries a proven fix out: compares, saves the before-image, writes, reads back, verifies, and records each step first."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from undeny.aws import session as sessions
from undeny.aws import write
from undeny.aws.locate import Standing
from undeny.aws.targets import Call
from undeny.calls.model import Request
from undeny.change.documents import data_of, same
from undeny.change.model import Outcome, Plan, Step, Verification
from undeny.change.planning import check_before, plan
from undeny.change.store import Store
from undeny.change.verifying import verify
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, Edit
from undeny.prove.model import ProvenFix

PAUSES = (0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
"""Seconds between reading back: 25 in all, then it is told that AWS still shows the old text."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How a change is carried out: environment, clock and waiting come in, and what only some changes have.

    `request` is the denied call, which is verified; `caller` a session of the denied caller, `organization` lets SCPs and RCPs be
    written, `accounts` says whose things are whose ARN does not say it, `scenario` and `explanation` go on record.
    """

    request: Request | None = None
    caller: Any = None
    organization: bool = False
    accounts: Mapping[str, str] | None = None
    explanation: str | None = None
    scenario: Mapping[str, Any] | None = None
    environment: Mapping[str, str] | None = None
    clock: Callable[[], datetime] | None = None
    wait: Callable[[float], None] = time.sleep
    pauses: Sequence[float] = PAUSES


_PLAIN = Way()


def carry_out(proven: ProvenFix, session: sessions.Session, store: Store, way: Way = _PLAIN) -> Outcome:
    """Carry a proven fix out and verify it.

    Raises `UndenyError` before anything is written where AWS does not hold what the fix was proved for. Where a later step fails, what
    was done stays on record as `partly`, and `roll_back` undoes it.
    """
    write.refuse_when_read_only(way.environment)
    planned = plan(proven, session, organization=way.organization, accounts=way.accounts, clock=way.clock)
    todo = [step for step in planned.steps if step.calls]
    if not todo and (others := _others(planned)):
        raise UndenyError(
            f"every edit of the fix is made in account {others[0]}, and these credentials are of {planned.account}",
            help=(f"give --profile NAME with a profile of account {others[0]}",),
            code="wrong-account",
        )
    if not todo:
        raise UndenyError(
            "the fix changes only the call, which its caller makes", help=("change the call, then undeny verify",), code="nothing-to-apply"
        )
    change = store.begin_change(_record(planned, way))
    seconds, exact = 0.0, True
    for step in todo:
        try:
            took, identical = _carry(change, step, session, store, way)
        except UndenyError as error:
            store.set_state(change, "partly")
            raise _partly(change, step, error) from error
        seconds, exact = seconds + took, exact and identical
    verification = _open(planned) or _verified(session, way)
    store.set_state(change, "in_force", verification)
    return Outcome(record=store.change(change), seconds=seconds, exact=exact, verification=verification)


def _others(planned: Plan) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step.elsewhere for step in planned.steps if step.elsewhere is not None))


def _open(planned: Plan) -> Verification | None:
    """Say that the call is not let through yet where another owner has still to act."""
    others = _others(planned)
    if not others:
        return None
    return Verification(verified="not_checked", how=f"the edits in account {', '.join(others)} may still be open: undeny verify afterwards")


def _verified(session: sessions.Session, way: Way) -> Verification:
    try:
        return verify(way.request, session, caller=way.caller, wait=way.wait, clock=way.clock)
    except UndenyError as error:
        return Verification(verified="not_checked", how=f"verifying failed: {error.message}")


def _record(planned: Plan, way: Way) -> dict[str, Any]:
    return {
        "fix": msgspec.to_builtins(planned.proven),
        "account": planned.account,
        "by": planned.by,
        "region": planned.region,
        "explanation": way.explanation,
        "scenario": way.scenario,
    }


def _partly(change: str, step: Step, error: UndenyError) -> UndenyError:
    return UndenyError(
        f"step {step.number}, {step.title}: {error.message}",
        help=(*error.help, f"undo what was done before it: undeny rollback {change}"),
        code=error.code,
        exit_status=error.exit_status,
    )


def _carry(change: str, step: Step, session: sessions.Session, store: Store, way: Way) -> tuple[float, bool]:
    held = write.current(session, step.edit, clock=way.clock)
    check_before(step.edit, held)
    for call in write.planned(step.edit, held, organization=way.organization):
        make(change, Noted(number=step.number, phase="apply", edit=step.edit, held=held, call=call), session, store, way)
    return read_back(session, step.edit, Wanted(data=_after(step.edit), text=step.after), way)


def _after(edit: Edit) -> Any:
    return None if isinstance(edit, CallEdit) else edit.after


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is about to be made, with what stood there before."""

    number: int
    phase: str
    edit: Edit
    held: Standing
    call: Call


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What reading back must find: the same policy as `data`, and at best `text` byte for byte."""

    data: Any
    text: str | None


def make(change: str, noted: Noted, session: sessions.Session, store: Store, way: Way) -> None:
    """Make one call: its intent goes to the disk first, with the text it overwrites; then AWS's answer."""
    standing = msgspec.to_builtins(noted.held)
    if noted.held.text is not None:
        standing["text"] = store.save_image(noted.held.text)
    row = store.intend(
        change,
        {
            "number": noted.number,
            "phase": noted.phase,
            "title": noted.held.place.title,
            "action": noted.call.action,
            "edit": msgspec.to_builtins(noted.edit),
            "standing": standing,
        },
    )
    try:
        answer = write.send(session, noted.call, environment=way.environment)
    except UndenyError as error:
        store.finish(row, error=error.message)
        raise
    store.finish(row, result=answer)


def read_back(session: sessions.Session, edit: Edit, wanted: Wanted, way: Way) -> tuple[float, bool]:
    """Read until AWS shows what was written; gives the seconds waited and whether it is so byte for byte."""
    waited = 0.0
    for pause in (*way.pauses, None):
        held = write.current(session, edit, clock=way.clock)
        now = data_of(held.text)
        if same(wanted.data, now) or (wanted.data is None and held.text is None):
            return waited, held.text == wanted.text
        if pause is not None:
            way.wait(pause)
            waited += pause
    raise UndenyError(
        f"AWS took the write, and {waited:.0f} seconds later still shows something else",
        help=("look again in a minute", "somebody else may have written meanwhile"),
        code="not-read-back",
        exit_status=1,
    )
