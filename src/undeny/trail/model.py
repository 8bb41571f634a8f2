"""What is looked for in trails, what was seen of one refused call, and the groups that they come to."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from undeny.denial.model import Denial
from undeny.errors import UndenyError

SHOWN_PROBLEMS = 200
"""Problems that are kept to be told; the rest is counted."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which denials are wanted; what is `None` is not asked for.

    `principal` is an ARN, or the name of a role, user or session; a role's ARN finds its sessions too. `name` is an operation
    (`PutObject`) or an action (`s3:PutObject`). `any_error`: every failed call, not the refused ones alone.
    """

    since: datetime | None = None
    until: datetime | None = None
    request_id: str | None = None
    event_id: str | None = None
    principal: str | None = None
    name: str | None = None
    any_error: bool = False

    @property
    def by_id(self) -> bytes | None:
        """The id that is looked for, as it stands in a record."""
        wanted = self.event_id or self.request_id
        return wanted.encode() if wanted else None


class Issuer(msgspec.Struct, frozen=True):
    """The role behind a session, as an event tells it."""

    arn: str | None = None


class SessionContext(msgspec.Struct, frozen=True):
    """`sessionContext` of an event."""

    sessionIssuer: Issuer | None = None  # noqa: N815 - CloudTrail's name


class Identity(msgspec.Struct, frozen=True):
    """`userIdentity` of an event, as far as it says who."""

    arn: str | None = None
    principalId: str | None = None  # noqa: N815 - CloudTrail's name
    userName: str | None = None  # noqa: N815 - CloudTrail's name
    invokedBy: str | None = None  # noqa: N815 - CloudTrail's name
    sessionContext: SessionContext | None = None  # noqa: N815 - CloudTrail's name


class Thing(msgspec.Struct, frozen=True):
    """One of an event's `resources`."""

    ARN: str | None = None


class Event(msgspec.Struct, frozen=True):
    """The fields of an event by which it is filtered and grouped; the rest is read only of a group's sample.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """

    eventName: str | None = None  # noqa: N815 - CloudTrail's name
    eventSource: str | None = None  # noqa: N815 - CloudTrail's name
    eventTime: str | None = None  # noqa: N815 - CloudTrail's name
    errorCode: str | None = None  # noqa: N815 - CloudTrail's name
    errorMessage: str | None = None  # noqa: N815 - CloudTrail's name
    requestID: str | None = None  # noqa: N815 - CloudTrail's name
    eventID: str | None = None  # noqa: N815 - CloudTrail's name
    sharedEventID: str | None = None  # noqa: N815 - CloudTrail's name
    awsRegion: str | None = None  # noqa: N815 - CloudTrail's name
    recipientAccountId: str | None = None  # noqa: N815 - CloudTrail's name
    userIdentity: Identity | None = None  # noqa: N815 - CloudTrail's name
    resources: tuple[Thing, ...] | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One refused call as it was met. `raw` is its record, `None` where a document told the denial itself."""

    event: Event
    time: datetime | None
    raw: bytes | None = None
    denial: Denial | None = None


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One file to scan: what messages call it, its packed size, and how its bytes are read, a chunk at a time."""

    name: str
    size: int
    open: Callable[[], Iterable[bytes]]


class Tally:
    """What a scan met: counts, and what of it could not be read. `progress` hears of packed bytes that are done."""

    def __init__(self, progress: Callable[[int], None] | None = None) -> None:
        self.events = self.files = self.denials = self.doubles = self.beyond = 0
        self.allowed: list[str] = []
        self.problems: list[UndenyError] = []
        self.more_problems = 0
        self.stopped = False
        self.progress = progress or (lambda _: None)

    def problem(self, error: UndenyError) -> None:
        """Note something that did not stop the scan."""
        if len(self.problems) < SHOWN_PROBLEMS:
            self.problems.append(error)
        else:
            self.more_problems += 1


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of one denial with its time."""

    time: datetime | None
    event_id: str | None
    request_id: str | None
    region: str | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Denials of one caller, one action and one cause. `event_ids` and `request_ids` are of the newest ones; `sample` is the newest.

    `on` is the thing, or a pattern that all of them fit; `resources` the things themselves, as many as are kept. `explanation` is
    there where each group was to be explained.
    """

    who: str | None
    what: str
    on: str | None
    cause: str
    certainty: str
    bucket: str
    summary: str
    denials: int
    first: datetime | None
    last: datetime | None
    event_ids: tuple[str, ...]
    request_ids: tuple[str, ...]
    sample: Denial
    sessions: int = 0
    resources: tuple[str, ...] = ()
    named: tuple[Named, ...] = msgspec.field(default=(), name="ids")
    explanation: Any = None
