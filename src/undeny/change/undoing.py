"""Rolls a change back: puts exactly what was there, newest step first, and refuses where somebody changed it since."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.aws import session as sessions
from undeny.aws import write
from undeny.aws.locate import Standing
from undeny.change.carrying import Noted, Wanted, Way, make, read_back
from undeny.change.documents import data_of, same
from undeny.change.model import Done, Outcome, Record, Verification
from undeny.change.store import Store
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, PolicyEdit, SettingEdit

_EDIT = PolicyEdit | SettingEdit
_WAY = Way()


def roll_back(store: Store, session: sessions.Session, change: str | None = None, *, force: bool = False, way: Way = _WAY) -> Outcome:
    """Undo a change, the last one by default. `force` overwrites what somebody wrote since.

    A step that was intended and whose answer nobody knows is looked up: where AWS holds the new text, it is undone too.
    """
    write.refuse_when_read_only(way.environment)
    record = store.change(change)
    if record.state == "rolled_back":
        raise UndenyError(f"change `{record.id}` was rolled back already", code="already-rolled-back")
    _same_account(record, session)
    todo = [done for done in reversed(record.steps) if done.phase == "apply" and done.error is None]
    for done in todo:
        _check(record, done, session, force=force, way=way)
    seconds, exact = 0.0, True
    for done in todo:
        took, identical = _undo(record, done, session, store, way)
        seconds, exact = seconds + took, exact and identical
    verification = Verification(verified="not_checked", how="what stood there before stands there again")
    store.set_state(record.id, "rolled_back", verification)
    return Outcome(record=store.change(record.id), seconds=seconds, exact=exact, verification=verification)


def _same_account(record: Record, session: sessions.Session) -> None:
    account = sessions.identity(session).account
    if account != record.account:
        raise UndenyError(
            f"change `{record.id}` was made in account {record.account}, and these credentials are of {account}",
            help=(f"give --profile NAME with a profile of account {record.account}",),
            code="wrong-account",
        )


def _check(record: Record, done: Done, session: sessions.Session, *, force: bool, way: Way) -> None:
    edit = _edit_of(done)
    now = data_of(write.current(session, edit, clock=way.clock).text)
    if force or same(edit.after, now) or _stands(done, edit, now):
        return
    raise UndenyError(
        f"{done.title} was changed since `{record.id}`: rolling back would undo that too",
        help=(f"undeny rollback {record.id} --force overwrites it",),
        code="changed-meanwhile",
        exit_status=1,
    )


def _stands(done: Done, edit: _EDIT, now: Any) -> bool:
    """Tell whether what was there before is there: the call never arrived, or was undone by hand."""
    return same(edit.before, now) or (done.standing.get("text") is None and now is None)


def _undo(record: Record, done: Done, session: sessions.Session, store: Store, way: Way) -> tuple[float, bool]:
    edit, before = _edit_of(done), _before(done, store)
    now = write.current(session, edit, clock=way.clock)
    if now.text == before.text and now.version == before.version:
        return 0.0, True
    for call in write.undo(before, _result(done, now, before)):
        noted = Noted(number=done.number, phase="undo", edit=edit, held=now, call=call)
        make(record.id, noted, session, store, way)
    return read_back(session, edit, Wanted(data=data_of(before.text), text=before.text), way)


def _result(done: Done, now: Standing, before: Standing) -> Mapping[str, Any]:
    """Give AWS's answer to the write; where nobody knows it, a managed policy's new version is the default that stands now."""
    if done.finished_at is not None and done.result:
        return done.result
    if before.place.kind == "managed" and now.version is not None and now.version != before.version:
        return {"PolicyVersion": {"VersionId": now.version}}
    return {}


def _before(done: Done, store: Store) -> Standing:
    told = dict(done.standing)
    if told.get("text") is not None:
        told["text"] = store.image(told["text"])
    return msgspec.convert(told, Standing)


def _edit_of(done: Done) -> _EDIT:
    edit = msgspec.convert(done.edit, PolicyEdit | CallEdit | SettingEdit)
    if isinstance(edit, CallEdit):
        raise UndenyError("a change to the call cannot be rolled back here", code="not-writable")
    return edit
