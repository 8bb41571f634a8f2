"""The denials of many files: bytes are searched before anything is parsed, and one broken file never stops the scan."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from undeny import denial
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.iam.principal import Principal
from undeny.trail.model import Event, Identity, Issuer, Piece, Question, Seen, SessionContext, Tally, Thing
from undeny.trail.records import Cutter
from undeny.trail.refused import refused
from undeny.trail.unpack import unpacked

NEEDLE = b'"errorCode"'
_NAME = b'"eventName"'
DOUBLES = 1_000_000
"""Ids of events that are remembered, so that what two trails hold is counted once."""
_EVENT = msgspec.json.Decoder(Event)


class Scan:
    """Scans for one question; `tally` counts what was met."""

    def __init__(self, question: Question, tally: Tally) -> None:
        self.question = question
        self.tally = tally
        self.needle = question.by_id or NEEDLE
        self._known: set[int] = set()
        self._whole: bytes | None = None  # the document that is read as one: its events are not counted yet

    def pieces(self, pieces: Iterable[Piece]) -> Iterator[Seen]:
        """Give the denials of files, file by file. An interrupt ends the scan: what was found until then is kept."""
        try:
            for piece in pieces:
                yield from self._piece(piece)
        except KeyboardInterrupt:
            self.tally.stopped = True

    def events(self, texts: Iterable[bytes]) -> Iterator[Seen]:
        """Give the denials among single events, as event history gives them."""
        try:
            for text in texts:
                self.tally.events += 1
                seen = self._record(text, "event history")
                if seen is not None:
                    yield seen
        except KeyboardInterrupt:
            self.tally.stopped = True

    def _piece(self, piece: Piece) -> Iterator[Seen]:
        cutter = Cutter(piece.name, self.tally.problem)
        self.tally.files += 1
        try:
            for records in cutter.cut(unpacked(self._counted(piece), piece.name, self.tally.problem)):
                texts = [bytes(record) for record in records]
                self.tally.events += sum(_NAME in text for text in texts)
                for text in [text for text in texts if self.needle in text]:
                    seen = self._record(text, piece.name)
                    if seen is not None:
                        yield seen
            self._whole = cutter.whole
            if cutter.whole is not None:
                yield from self._document(cutter.whole, piece.name)
        except UndenyError as problem:
            self.tally.problem(problem)
        except OSError as error:
            reason = (error.strerror or "it broke off").lower()
            self.tally.problem(UndenyError(f"`{piece.name}` cannot be read: {reason}", code="unreadable-file"))

    def _counted(self, piece: Piece) -> Iterator[bytes]:
        done = 0
        for chunk in piece.open():
            done += len(chunk)
            self.tally.progress(len(chunk))
            yield chunk
        self.tally.progress(max(0, piece.size - done))

    def _record(self, text: bytes, name: str) -> Seen | None:
        try:
            event = _EVENT.decode(text)
        except (ValueError, RecursionError):
            event = None
        if event is None or event.eventName is None:
            return next(self._document(text, name), None)  # an envelope, or a record with a field of another kind
        if event.errorCode is None and event.errorMessage is None:
            self._succeeded(event)
            return None
        return self._wanted(Seen(event=event, time=_time(event.eventTime), raw=text))

    def _document(self, text: bytes, name: str) -> Iterator[Seen]:
        """Read a document of another shape with the reader of denials, which knows them."""
        try:
            reading = denial.read_bytes(text, name)
        except UndenyError as problem:
            self.tally.problem(problem)
            return
        for found in reading.problems:
            self.tally.problem(found)
        if text is self._whole:
            self.tally.events += reading.events
        for one in reading.denials:
            seen = self._wanted(Seen(event=_event_of(one), time=one.event_time, denial=one))
            if seen is not None:
                yield seen

    def _succeeded(self, event: Event) -> None:
        asked = self.question.event_id or self.question.request_id
        if asked and asked in (event.eventID, event.requestID):
            self.tally.allowed.append(f"{event.eventName} at {event.eventTime}")

    def _wanted(self, seen: Seen) -> Seen | None:
        event = seen.event
        if not (self.question.any_error or refused(event.errorCode, event.errorMessage)) or not fits(seen, self.question):
            return None
        own = event.sharedEventID or event.eventID  # one call across accounts has an event in each, and one shared id
        if own and len(self._known) < DOUBLES:
            mark = hash(own)
            if mark in self._known:
                self.tally.doubles += 1
                return None
            self._known.add(mark)
        self.tally.denials += 1
        return seen


def fits(seen: Seen, question: Question) -> bool:
    """Whether a denial is one that was asked for; one whose time nobody knows is never too old."""
    event = seen.event
    if question.since is not None and seen.time is not None and seen.time < question.since:
        return False
    if question.until is not None and seen.time is not None and seen.time > question.until:
        return False
    if question.event_id and event.eventID != question.event_id:
        return False
    if question.request_id and event.requestID != question.request_id:
        return False
    if question.name and not _named(event, question.name):
        return False
    return not question.principal or _by(event, question.principal)


def caller(event: Event) -> tuple[str | None, str | None]:
    """Give who called, and the session where it was one: the role's ARN and the session's name."""
    who = event.userIdentity or Identity()
    issuer = who.sessionContext.sessionIssuer if who.sessionContext else None
    if who.arn is None:
        return (issuer.arn if issuer else None) or who.invokedBy or who.userName or who.principalId, None
    role, session = _role(who.arn)
    return (issuer.arn if issuer and issuer.arn and session else role), session


@lru_cache(maxsize=8192)
def _role(arn: str) -> tuple[str, str | None]:
    who = Principal.parse(arn)
    if who.kind == "role_session" and who.role_arn:
        return who.role_arn, who.session_name
    return arn, None


def _named(event: Event, wanted: str) -> bool:
    from undeny.denial.events import operation_of  # noqa: PLC0415 - only where a name was asked for

    if f": {wanted.lower()} " in f"{(event.errorMessage or '').lower()} ":
        return True  # an action that the sentence names, whatever the call is called: iam:PassRole, s3:ListBucket
    prefix, colon, name = wanted.rpartition(":")
    called = {operation_of(event.eventName or "").lower(), (event.eventName or "").lower()}
    return name.lower() in called and (not colon or _service(event.eventSource or "", prefix.lower()))


@lru_cache(maxsize=1024)
def _service(source: str, prefix: str) -> bool:
    from undeny import catalog  # noqa: PLC0415 - only where a service was asked for

    return source.partition(".")[0] == prefix or prefix in catalog.prefixes_for(source)


def _by(event: Event, wanted: str) -> bool:
    role, session = caller(event)
    who = event.userIdentity or Identity()
    told = {role, session, who.arn, who.userName, who.principalId, who.invokedBy}
    if wanted in told or (role and role.rpartition("/")[2] == wanted):
        return True
    asked, _ = _role(wanted)
    return asked == wanted and role is not None and _pathless(role) == _pathless(wanted)


@lru_cache(maxsize=8192)
def _pathless(arn: str) -> tuple[str | None, str | None]:
    """Name a role or user without its path: a session's ARN does not have it."""
    who = Principal.parse(arn)
    return (f"{who.kind} of {who.account}", (who.name or "").rpartition("/")[2]) if who.name else (None, arn)


def _time(text: str | None) -> datetime | None:
    try:
        told = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return told.replace(tzinfo=UTC) if told and told.tzinfo is None else told


def _event_of(one: Denial) -> Event:
    """Shape what is known of a denial that did not come as a bare event as one, so that it is grouped alike."""
    issuer = SessionContext(sessionIssuer=Issuer(arn=one.session_issuer)) if one.session_issuer else None
    things = tuple(Thing(ARN=arn) for arn in (one.resource, *one.resources) if arn)
    return Event(
        eventName=one.operation,
        eventSource=one.event_source or one.service,
        errorCode=one.error_code or "",
        errorMessage=one.message or one.text,
        requestID=one.request_id,
        eventID=one.event_id,
        awsRegion=one.region,
        recipientAccountId=one.recipient_account or one.account,
        userIdentity=Identity(arn=one.principal, sessionContext=issuer),
        resources=things,
    )
