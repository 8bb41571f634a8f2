"""Carries a proven fix out: compares, saves the before-image, writes, reads back, verifies; and goes on where a crash cut it off."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from undeny.aws import session as sessions
from undeny.aws import write
from undeny.aws.targets import Standing
from undeny.calls.model import Request
from undeny.change import analysing, exporting
from undeny.change.documents import data_of, same
from undeny.change.model import Meant, Other, Outcome, Plan, Record, Step, Verification
from undeny.change.planning import changed_meanwhile, plan
from undeny.change.reaching import Goal, Hands, kept, reach
from undeny.change.store import Store
from undeny.change.verifying import verify
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, PolicyEdit, SettingEdit
from undeny.prove.model import ProvenFix

PAUSES = (0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
"""Seconds between reading back, at most: 25 in all, then it is told that AWS still shows the old text."""
RETRIES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a write without an answer is looked for, and made again where it did not come."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How a change is carried out: environment, clock, randomness and waiting come in, and what only some changes have.

    `request` is the denied call, which is verified; `caller` a session of the denied caller, `organization` lets SCPs and RCPs be written,
    `accounts` says whose things are whose ARN does not say it, `scenario` and `explanation` go on record. `readers` are sessions of other
    accounts, whose side is read back. `export` is the folder for what stood there (`None`: none is written), `git` a repository that
    keeps it too. `analyze` asks IAM Access Analyzer, `aws_checks` its custom checks too, which may be charged.
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
    jitter: Callable[[], float] = random.SystemRandom().random
    pauses: Sequence[float] = PAUSES
    retries: Sequence[float] = RETRIES
    readers: Sequence[Any] = ()
    export: Path | None = None
    git: Path | None = None
    analyze: bool = False
    aws_checks: bool = False


_PLAIN = Way()
_FINISHED = ("in_force", "rolled_back", "rolling_back")


def carry_out(proven: ProvenFix, session: sessions.Session, store: Store, way: Way = _PLAIN) -> Outcome:
    """Carry a proven fix out and verify it.

    Raises `UndenyError` before anything is written where AWS does not hold what the fix was proved for. Where a later step fails, what
    was done stays on record as `partly`: `resume` goes on with it, `roll_back` undoes it.
    """
    write.refuse_when_read_only(way.environment)
    planned = plan(proven, session, organization=way.organization, accounts=way.accounts, clock=way.clock)
    _something_to_do(planned)
    if way.git is not None:
        exporting.check_repository(way.git)
    record = _record(planned, way) | {"meant": tuple(_meant(step, store) for step in planned.steps)}
    return _go_on(store.begin_change(record), session, store, way)


def resume(store: Store, session: sessions.Session, change: str | None = None, way: Way = _PLAIN) -> Outcome:
    """Go on with a change that was cut off, the last one by default: steps that stand are left, the others are made."""
    write.refuse_when_read_only(way.environment)
    record = store.change(change)
    if record.state in _FINISHED:
        word = {"in_force": "is in force", "rolled_back": "was rolled back"}.get(record.state, "is being rolled back")
        help_ = (f"undeny rollback {record.id} finishes that",) if record.state == "rolling_back" else ()
        raise UndenyError(f"change `{record.id}` {word}: there is nothing to go on with", help=help_, code="nothing-to-resume")
    same_account(record, session)
    return _go_on(record.id, session, store, way)


def same_account(record: Record, session: sessions.Session) -> None:
    """Raise `UndenyError` where a change was made in another account than the credentials'."""
    account = sessions.identity(session).account
    if account != record.account:
        raise UndenyError(
            f"change `{record.id}` was made in account {record.account}, and these credentials are of {account}",
            help=(f"give --profile NAME with a profile of account {record.account}",),
            code="wrong-account",
        )


def _go_on(change: str, session: sessions.Session, store: Store, way: Way) -> Outcome:
    record = store.change(change)
    exporting.before(record, store, way)
    analysing.before(record, session, store, way)
    hands = Hands(change=change, session=session, store=store, way=way)
    seconds, exact = 0.0, True
    for meant in record.meant:
        if meant.standing is None:
            continue
        try:
            took, identical = reach(_goal(meant, store, way), hands)
        except UndenyError as error:
            store.set_state(change, "partly")
            raise _partly(change, meant, error) from error
        seconds, exact = seconds + took, exact and identical
    others = tuple(_other(meant, way) for meant in record.meant if meant.elsewhere is not None)
    verification = _open(others) or _verified(session, way)
    store.set_state(change, "in_force", verification)
    exporting.after(store.change(change), session, store, way)
    analysis = analysing.after(store.change(change), session, way)
    return Outcome(record=store.change(change), seconds=seconds, exact=exact, verification=verification, others=others, analysis=analysis)


def _something_to_do(planned: Plan) -> None:
    if any(step.calls for step in planned.steps):
        return
    others = tuple(dict.fromkeys(step.elsewhere for step in planned.steps if step.elsewhere is not None))
    if others:
        raise UndenyError(
            f"every edit of the fix is made in account {others[0]}, and these credentials are of {planned.account}",
            help=(f"give --profile NAME with a profile of account {others[0]}",),
            code="wrong-account",
        )
    raise UndenyError(
        "the fix changes only the call, which its caller makes", help=("change the call, then undeny verify",), code="nothing-to-apply"
    )


def _meant(step: Step, store: Store) -> Meant:
    standing = kept(step.held, store) if step.held is not None and step.calls else None
    edit = msgspec.to_builtins(step.edit)
    return Meant(number=step.number, title=step.title, edit=edit, standing=standing, after=step.after, elsewhere=step.elsewhere)


def _record(planned: Plan, way: Way) -> dict[str, Any]:
    return {
        "fix": msgspec.to_builtins(planned.proven),
        "account": planned.account,
        "by": planned.by,
        "region": planned.region,
        "explanation": way.explanation,
        "scenario": way.scenario,
    }


def edit_of(meant: Meant) -> PolicyEdit | SettingEdit:
    """Give the edit of a step in the journal."""
    edit = msgspec.convert(meant.edit, PolicyEdit | CallEdit | SettingEdit)
    if isinstance(edit, CallEdit):
        raise UndenyError("a change to the call is its caller's", code="not-writable")
    return edit


def before_of(meant: Meant, store: Store) -> Standing:
    """Give what stood there when a step was planned, its text byte for byte."""
    told = dict(meant.standing or {})
    if told.get("text") is not None:
        told["text"] = store.image(told["text"])
    return msgspec.convert(told, Standing)


def _goal(meant: Meant, store: Store, way: Way) -> Goal:
    """Give what a step of an apply is to reach: the text after; only the very text that was planned against is overwritten."""
    edit, before = edit_of(meant), before_of(meant, store)
    return Goal(
        number=meant.number,
        phase="apply",
        edit=edit,
        text=meant.after,
        stands=lambda held: stands(edit, held),
        ours=lambda held: unchanged(before, held),
        calls=lambda held: write.planned(edit, held, organization=way.organization),
        changed=lambda held: changed_meanwhile(meant.title, edit, held.text),
    )


def unchanged(before: Standing, held: Standing) -> bool:
    """Tell whether what is there is still what was there; AWS gives lists back in another order now and then."""
    alike = held.text == before.text or same(data_of(before.text), data_of(held.text))
    return alike and held.version == before.version


def stands(edit: PolicyEdit | SettingEdit, held: Standing) -> bool:
    """Tell whether what the edit says after it is there."""
    return same(edit.after, data_of(held.text)) or (edit.after is None and held.text is None)


def _other(meant: Meant, way: Way) -> Other:
    """Read the other account's side back, with a session of that account where there is one."""
    account, edit = meant.elsewhere or "", msgspec.convert(meant.edit, PolicyEdit | CallEdit | SettingEdit)
    told: dict[str, Any] = {"title": meant.title, "account": account}
    reader = next((one for one in way.readers if sessions.identity(one).account == account), None)
    if reader is None or isinstance(edit, CallEdit):
        return Other(state="not_read", **told)
    try:
        held = write.current(reader, edit, clock=way.clock)
    except UndenyError:
        return Other(state="not_read", **told)
    if stands(edit, held):
        return Other(state="stands", **told)
    return Other(state="open" if same(edit.before, data_of(held.text)) else "changed", **told)


def _open(others: Sequence[Other]) -> Verification | None:
    """Say that the call is not let through yet where another owner has still to act."""
    waiting = tuple(dict.fromkeys(one.account for one in others if one.state != "stands"))
    if not waiting:
        return None
    how = f"the edits in account {', '.join(waiting)} may still be open: undeny verify afterwards"
    return Verification(verified="not_checked", how=how)


def _verified(session: sessions.Session, way: Way) -> Verification:
    try:
        return verify(way.request, (session, *way.readers), caller=way.caller, wait=way.wait, clock=way.clock, jitter=way.jitter)
    except UndenyError as error:
        return Verification(verified="not_checked", how=f"verifying failed: {error.message}")


def _partly(change: str, meant: Meant, error: UndenyError) -> UndenyError:
    go_on = () if error.code == "changed-meanwhile" else (f"go on with it: undeny apply --resume {change}",)
    return UndenyError(
        f"step {meant.number}, {meant.title}: {error.message}",
        help=(*error.help, *go_on, f"undo what was done before it: undeny rollback {change}"),
        code=error.code,
        exit_status=error.exit_status,
    )
