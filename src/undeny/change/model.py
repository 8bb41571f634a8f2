"""A fix being carried out: what it would do, what was done, and how to undo it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from undeny.fix.model import Edit
from undeny.prove.model import ProvenFix

State = Literal["applying", "in_force", "partly", "rolling_back", "rolled_back"]
Verified = Literal["allowed", "denied", "unknown", "not_checked"]


class Danger(msgspec.Struct, frozen=True, kw_only=True):
    """Why a call is one-way or hard to reverse, and AWS's page; `refused` where undeny never makes it.

    `asks`: it is made only after the name of what it changes was typed.
    """

    why: str
    source: str
    refused: bool = False
    asks: bool = False


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A maintenance window is due: why, how long names or certificates take to settle, AWS's page."""

    why: str
    settles: str
    source: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One edit as calls. `before` is the text that stands there now, byte for byte, `None` where there is none.

    `calls` are `(action, what it is made on)`; empty for a change to the call, which the caller makes. `undo` says how it is undone.
    `touches` are others that have the same policy. `elsewhere` is the account in which another owner has to make this edit, `None`
    where it is made here; such a step has no calls. `confirm` is the name that has to be typed before it is made, `None` where a yes
    will do. `held` is what stood there when it was planned: what is written is compared with it.
    """

    number: int
    edit: Edit
    title: str
    calls: tuple[tuple[str, str], ...] = ()
    diff: tuple[str, ...] = ()
    before: str | None = None
    before_sha256: str | None = None
    after: str | None = None
    undo: str | None = None
    dangers: tuple[Danger, ...] = ()
    touches: tuple[str, ...] = ()
    elsewhere: str | None = None
    confirm: str | None = None
    windows: tuple[Window, ...] = ()
    held: Any = None
    """A `Standing` of `aws`: naming it here would load boto3 wherever a denial is saved."""


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """A step as the journal holds it before anything is written.

    `standing` is what was there, its text a digest; `after` is the text meant. `elsewhere` is the account whose owner makes it;
    such a step has no `standing`.
    """

    number: int
    title: str
    edit: Mapping[str, Any]
    standing: Mapping[str, Any] | None = None
    after: str | None = None
    elsewhere: str | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What carrying a fix out would do, and with whose credentials."""

    proven: ProvenFix
    steps: tuple[Step, ...]
    account: str
    by: str
    profile: str | None = None
    region: str | None = None
    managed_by: str | None = None
    warnings: tuple[str, ...] = ()
    notice: str | None = None
    """What to send to whoever depends on it, where a maintenance window is due."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that have to be typed before it is carried out."""
        return tuple(dict.fromkeys(step.confirm for step in self.steps if step.confirm is not None))


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One call in the journal: what was meant before it was made, and what AWS answered; `result` is `None` where nobody knows."""

    number: int
    phase: Literal["apply", "undo"]
    title: str
    action: str
    edit: Mapping[str, Any]
    standing: Mapping[str, Any]
    intended_at: datetime
    result: Mapping[str, Any] | None = None
    finished_at: datetime | None = None
    error: str | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the denied call is allowed now, and how that was found out (`repeated`, `evaluated on fresh policies`)."""

    verified: Verified
    how: str
    needs: tuple[str, ...] = ()
    cause: str | None = None
    """The code of the cause of what is still denied."""
    by: Literal["the call itself", "a dry run", "local evaluation", "AWS's simulator"] | None = None
    """What the answer rests on."""
    back: bool | None = None
    """After a rollback: whether the verdict from before the change is back; `None` where that is not known."""


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """The other side of a change across accounts, read back: whether its edit stands there, is still open, or something else is there."""

    title: str
    account: str
    state: Literal["stands", "open", "changed", "not_read"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A change as the journal holds it."""

    id: str
    created: datetime
    state: State
    fix: Mapping[str, Any]
    account: str
    by: str
    region: str | None = None
    explanation: str | None = None
    scenario: Mapping[str, Any] | None = None
    steps: tuple[Done, ...] = ()
    verification: Verification | None = None
    meant: tuple[Meant, ...] = ()
    export: str | None = None
    analysis: Mapping[str, Any] | None = None
    """What IAM Access Analyzer had found of the things touched before anything was written."""

    @property
    def interrupted(self) -> tuple[Done, ...]:
        """The calls of which nobody knows whether AWS carried them out: the program ended between intent and answer."""
        return tuple(done for done in self.steps if done.finished_at is None)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What carrying out or rolling back came to: the change, how long reading back took, and the verification."""

    record: Record
    seconds: float
    exact: bool
    """Whether what AWS holds is the text byte for byte, not only the same policy."""
    verification: Verification
    others: tuple[Other, ...] = ()
    analysis: Any = None
    """What IAM Access Analyzer says after it; `None` where it was not asked."""
