"""Rolls a change back: puts exactly what was there, newest step first, and refuses where somebody changed it since.

Afterwards the denied call is decided again: the old verdict has to be back.
"""

from datetime import UTC, datetime

import msgspec

from undeny.aws import session as sessions
from undeny.aws import write
from undeny.aws.targets import Standing
from undeny.change import exporting
from undeny.change.carrying import Way, before_of, edit_of, same_account, stands
from undeny.change.documents import data_of, same
from undeny.change.model import Meant, Outcome, Record, Verification
from undeny.change.reaching import Goal, Hands, reach
from undeny.change.store import Store
from undeny.change.verifying import decided, evaluated
from undeny.errors import UndenyError
from undeny.evidence import scenario

_WAY = Way()
SETTLES = (1.0, 2.0)
"""Seconds for which the old text must go on standing where a write was cut off: AWS may show it late."""


def roll_back(store: Store, session: sessions.Session, change: str | None = None, *, force: bool = False, way: Way = _WAY) -> Outcome:
    """Undo a change, the last one by default. `force` overwrites what somebody wrote since.

    A step that was intended and whose answer nobody knows is looked up: where AWS holds the new text, it is undone too.
    """
    write.refuse_when_read_only(way.environment)
    record = store.change(change)
    if record.state == "rolled_back":
        raise UndenyError(f"change `{record.id}` was rolled back already", code="already-rolled-back")
    same_account(record, session)
    if way.git is not None:
        exporting.check_repository(way.git)
    begun = {done.number for done in record.steps if done.phase == "apply"}
    todo = [meant for meant in reversed(record.meant) if meant.standing is not None and meant.number in begun]
    goals = [_goal(record, meant, session, store, force=force) for meant in todo]
    for goal in goals:
        held = _settled(record, goal, session, way)
        if not (goal.stands(held) or goal.ours(held)):
            raise goal.changed(held)
        store.close(record.id, goal.number, "apply", came=not goal.stands(held))
    store.set_state(record.id, "rolling_back")
    exporting.before_undo(record, session, store, way)
    hands = Hands(change=record.id, session=session, store=store, way=way)
    seconds, exact = 0.0, True
    for goal in goals:
        took, identical = reach(goal, hands)
        seconds, exact = seconds + took, exact and identical
    verification = _old_verdict(record, session, way)
    store.set_state(record.id, "rolled_back", verification)
    return Outcome(record=store.change(record.id), seconds=seconds, exact=exact, verification=verification)


def _goal(record: Record, meant: Meant, session: sessions.Session, store: Store, *, force: bool) -> Goal:
    """Give what undoing a step is to reach: the old bytes, the old default version, and none of the versions that the change made."""
    edit, before = edit_of(meant), before_of(meant, store)

    def own(now: Standing) -> tuple[str, ...]:
        return write.own_versions(session, before, now, meant.after)

    def is_back(now: Standing) -> bool:
        if before.place.kind == "attachment":
            return now.text is not None  # it is attached again; what others wrote into it meanwhile is theirs
        version = now.version == before.version or before.version not in now.versions
        return now.text == before.text and version and not own(now)

    return Goal(
        number=meant.number,
        phase="undo",
        edit=edit,
        text=before.text,
        stands=is_back,
        ours=lambda now: force or stands(edit, now) or now.text == before.text or same(data_of(before.text), data_of(now.text)),
        calls=lambda now: write.undo(before, now, own(now)),
        changed=lambda _: _changed(record, meant),
    )


def _changed(record: Record, meant: Meant) -> UndenyError:
    return UndenyError(
        f"{meant.title} was changed since `{record.id}`: rolling back would undo that too",
        help=(f"undeny rollback {record.id} --force overwrites it",),
        code="changed-meanwhile",
        exit_status=1,
    )


def _settled(record: Record, goal: Goal, session: sessions.Session, way: Way) -> Standing:
    """Read what stands there; where a write was cut off and the old text stands, look again: the write may come late."""
    held = write.current(session, goal.edit, clock=way.clock)
    cut_off = any(done.number == goal.number and done.phase == "apply" for done in record.interrupted)
    for pause in SETTLES if cut_off else ():
        if not goal.stands(held):
            break
        way.wait(pause)
        held = write.current(session, goal.edit, clock=way.clock)
    return held


def _old_verdict(record: Record, session: sessions.Session, way: Way) -> Verification:
    """Decide the denied call on policies read afresh, and compare with the verdict over what was read when it was denied."""
    stands_again = "what stood there before stands there again"
    seen = scenario.read(record.scenario) if record.scenario is not None else None
    request = way.request or (seen.request if seen is not None else None)
    if request is None:
        return Verification(verified="not_checked", how=stands_again)
    try:
        found = evaluated(request, (session, *way.readers), clock=way.clock or (lambda: datetime.now(UTC)))
    except UndenyError as error:
        return Verification(verified="not_checked", how=f"{stands_again}; deciding the call failed: {error.message}")
    old = decided(request, seen.evidence).verified if seen is not None else "denied"
    wanted = "denied" if old == "unknown" else old
    back = None if found.verified == "unknown" else found.verified == wanted
    said = {True: "the old verdict is back", None: f"{stands_again}; whether the verdict is the old one is not known"}.get(
        back, f"{stands_again}, and the call is {found.verified} all the same: something else changed meanwhile"
    )
    return msgspec.structs.replace(found, how=f"{said}: {found.how}", back=back)
