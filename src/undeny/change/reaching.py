"""From what stands in AWS to what is to stand there: look, write once, look again; each call's intent and answer on disk around it.

A write whose answer is lost, throttled or a 5xx is never repeated blindly: what stands there is read first.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from undeny.aws import session as sessions
from undeny.aws import write
from undeny.aws.targets import Call, Standing
from undeny.change.store import Store
from undeny.errors import UndenyError
from undeny.fix.model import Edit

if TYPE_CHECKING:
    from undeny.change.carrying import Way


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """What is to stand at one place.

    `stands` tells whether it does, `ours` whether what is there instead may be overwritten, `calls` what to make then, and `changed`
    gives the error for what may not. `text` is what it is byte for byte.
    """

    number: int
    phase: str
    edit: Edit
    text: str | None
    stands: Callable[[Standing], bool]
    ours: Callable[[Standing], bool]
    calls: Callable[[Standing], Sequence[Call]]
    changed: Callable[[Standing], UndenyError]


class Hands(msgspec.Struct, frozen=True, kw_only=True):
    """With what a change is made: its id in the journal, the session that writes, and the way."""

    change: str
    session: Any
    store: Any
    way: Any


def reach(goal: Goal, hands: Hands) -> tuple[float, bool]:
    """Reach a goal; gives the seconds that were waited and whether AWS holds the text byte for byte.

    Raises `UndenyError` where somebody else wrote there, where AWS refuses, and where it does not show the text within the bound.
    """
    change, session, store, way = hands.change, hands.session, hands.store, hands.way
    waited = 0.0
    for pause in (*way.retries, None):
        held = write.current(session, goal.edit, clock=way.clock)
        stands = goal.stands(held)
        store.close(change, goal.number, goal.phase, came=stands)
        if stands:
            return waited, held.text == goal.text
        if not goal.ours(held):
            raise goal.changed(held)
        lost = _make(goal, held, hands)
        if lost is None:
            took, exact = _read_back(session, goal, way)
            return waited + took, exact
        if pause is None:
            raise lost
        waited += _wait(pause, way)
    raise AssertionError("the last pause is None")  # pragma: no cover


def _make(goal: Goal, held: Standing, hands: Hands) -> UndenyError | None:
    """Make the calls one after the other; gives the error of one of which nobody knows whether AWS carried it out."""
    for call in goal.calls(held):
        row = hands.store.intend(hands.change, _noted(goal, held, call, hands.store))
        try:
            answer = write.send(hands.session, call, environment=hands.way.environment)
        except UndenyError as error:
            if error.code in write.UNANSWERED:
                return error
            hands.store.finish(row, error=error.message)
            raise
        hands.store.finish(row, result=answer)
    return None


def _noted(goal: Goal, held: Standing, call: Call, store: Store) -> dict[str, object]:
    return {
        "number": goal.number,
        "phase": goal.phase,
        "title": held.place.title,
        "action": call.action,
        "edit": msgspec.to_builtins(goal.edit),
        "standing": kept(held, store),
    }


def kept(held: Standing, store: Store) -> dict[str, object]:
    """Give what stands at a place for the journal: its text is kept apart, byte for byte, and named by its digest."""
    told: dict[str, object] = msgspec.to_builtins(held)
    if held.text is not None:
        told["text"] = store.save_image(held.text)
    return told


def _read_back(session: sessions.Session, goal: Goal, way: "Way") -> tuple[float, bool]:
    """Read until AWS shows what was written."""
    waited = 0.0
    for pause in (*way.pauses, None):
        held = write.current(session, goal.edit, clock=way.clock)
        if goal.stands(held):
            return waited, held.text == goal.text
        if pause is not None:
            waited += _wait(pause, way)
    raise UndenyError(
        f"AWS took the write, and {waited:.0f} seconds later still shows something else",
        help=("look again in a minute", "somebody else may have written meanwhile"),
        code="not-read-back",
        exit_status=1,
    )


def _wait(pause: float, way: "Way") -> float:
    """Wait between half a pause and all of it: many that wait for the same thing do not come back at once."""
    seconds = pause * (0.5 + way.jitter() / 2)
    way.wait(seconds)
    return seconds
