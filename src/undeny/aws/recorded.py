"""What AWS itself recorded of a denial: its encoded message, and the details behind an authorization id."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from undeny.aws.collect import iamtoolbox, sts
from undeny.aws.reader import Reader
from undeny.aws.session import Session, ambient
from undeny.denial import record as records
from undeny.denial.completed import completed
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.evidence.model import Gap

KEPT = timedelta(hours=24)
"""AWS keeps authorization details at least so long: an older denial is asked for once, and not waited for."""


def recorded(
    sessions: Sequence[Session],
    denial: Denial,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Denial, tuple[Gap, ...]]:
    """Fill a denial with what AWS recorded of it: who, what, on what, the values of the condition keys, and the policies as they were.

    Gives the gaps of what could not be read beside it; the denial itself where it has nothing to ask with.
    """
    gaps: list[Gap] = []
    if denial.encoded_message is not None and not denial.encoded_truncated and not _held(denial, records.is_message):
        denial = _decoded(sessions, denial, gaps)
    if denial.authorization_id is not None:
        denial = _detailed([Reader(session, clock) for session in sessions], denial, gaps, sleep)
    return denial, tuple(gaps)


def _held(denial: Denial, kind: Callable[[Mapping[str, Any]], bool]) -> bool:
    return denial.record is not None and kind(denial.record)


def _decoded(sessions: Sequence[Session], denial: Denial, gaps: list[Gap]) -> Denial:
    """Decode the message: with the very credentials that this shell has, which are mostly the denied ones, then with the others.

    In a pipeline nobody else may. https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
    """
    own = ambient()
    message = denial.encoded_message or ""
    tried: list[str] = []
    unread: Gap | None = None
    for session in (*((own,) if own is not None else ()), *(one for one in sessions if not _same(one, own))):
        try:
            reader = Reader(session)
            found = sts.decoded(reader, message)
        except UndenyError as problem:
            unread = unread or Gap(what=records.ENCODED, why=problem.message)
            continue
        if not isinstance(found, Gap):
            return completed(denial, found)
        tried.append(reader.me.arn)
        unread = found
    if unread is not None:
        gaps.append(sts.unread(unread, message, tried))
    return denial


def _same(one: Session, other: Session | None) -> bool:
    """Whether two sessions have one key."""
    if other is None:
        return False
    keys = [session.get_credentials() for session in (one, other)]
    return all(keys) and len({key.get_frozen_credentials().access_key for key in keys}) == 1


def _detailed(readers: Sequence[Reader], denial: Denial, gaps: list[Gap], sleep: Callable[[float], None]) -> Denial:
    """Read the details with the first reader that may; only the caller's account, or its organisation, may."""
    unread: tuple[Gap, ...] = ()
    for reader in readers:
        if _held(denial, records.is_details) and denial.record is not None:
            found: dict[str, Any] | Gap = iamtoolbox.with_documents(reader, denial.record, denial.region)
        else:
            waits = iamtoolbox.WAITS if _fresh(denial, reader.clock()) else ()
            found = iamtoolbox.details(reader, denial.authorization_id or "", denial.region, waits=waits, sleep=sleep)
        unread = unread or tuple(reader.gaps)
        if not isinstance(found, Gap):
            gaps.extend(reader.gaps)
            return completed(denial, found)
    gaps.extend(unread)
    return denial


def _fresh(denial: Denial, now: datetime) -> bool:
    """Whether details that are not there can still come: they are written some moments after the denial."""
    return denial.event_time is None or now - denial.event_time < KEPT
