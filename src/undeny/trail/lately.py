"""What was changed shortly before a denial, and how its session was made, from trail files on disk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.evidence.model import Change
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal
from undeny.trail.model import Piece
from undeny.trail.places import on_disk
from undeny.trail.records import Cutter
from undeny.trail.unpack import unpacked

LATELY, LONGEST = timedelta(hours=24), timedelta(hours=12)
MOST = 10
"""Changes that are told, the newest ones."""
_WRITES = (b'"readOnly":false', b'"readOnly": false')
_ORGANIZATION = "organizations.amazonaws.com"
_POLICY_WORDS = ("Policy", "PolicyType", "MoveAccount", "Features", "Handshake", "OrganizationalUnit")
"""Writes to an organisation that change whom its policies bind."""
_NAMING = (
    "roleName",
    "userName",
    "groupName",
    "bucketName",
    "bucket",
    "keyId",
    "policyArn",
    "functionName",
    "queueUrl",
    "topicArn",
    "secretId",
)
"""Parameters that name the thing that a call changes, as CloudTrail spells them."""


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What trail files tell of the time before a denial."""

    changes: tuple[Change, ...] = ()
    assumed: tuple[str, ...] = ()
    problems: tuple[UndenyError, ...] = ()


def before(paths: Sequence[str], denial: Denial) -> Before:
    """Read the writes of the day before to the caller's role, its policies, the thing, its key and the organisation. Needs the time.

    Raises `UndenyError` for a path that is not there, and where nobody knows when the denial was.
    """
    when = denial.event_time
    if when is None:
        raise UndenyError(
            "the denial does not say when it was, so nothing can be told of the time before",
            code="no-time",
            help=("give the event itself",),
        )
    problems: list[UndenyError] = []
    names = frozenset(_names(denial))
    who = Principal.parse(denial.principal) if denial.principal else None
    session = who.session_name if who is not None and who.kind == "role_session" else None
    changes: dict[tuple[datetime, str, str], Change] = {}
    made: dict[datetime, str] = {}
    for event in _events(on_disk(paths, when - LATELY), problems, _needles(names, session)):
        time = _time(event)
        if time is None or not when - LATELY <= time <= when or event.get("errorCode"):
            continue
        on = _on(event, names)
        if event.get("readOnly") is False and on is not None:
            change = Change(time=time, by=_by(event), event=str(event.get("eventName")), on=on)
            changes[time, change.event, on] = change
        elif session and who is not None and time >= when - LONGEST and _makes(event, who, session):
            made[time] = f"its session was made by {_maker(event)} ({event.get('eventName')} at {time:%H:%M:%S} UTC)"
    newest = tuple(sorted(changes.values(), key=lambda change: change.time))[-MOST:]
    return Before(changes=newest, assumed=(made[max(made)],) if made else (), problems=tuple(problems))


def _names(denial: Denial) -> Iterator[str]:
    """Give the names by which events call what bears on the denial."""
    who = Principal.parse(denial.principal) if denial.principal else None
    if who is not None and who.kind in ("role", "role_session", "user") and who.name:
        yield who.name.rpartition("/")[2]
    for text in (denial.resource, denial.policy_arn, *denial.resources):
        arn = Arn.parse(text or "")
        if arn is None:
            continue
        yield str(arn)
        yield arn.bucket if arn.service_prefix == "s3" else arn.name
    for name in ("bucketName", "keyId", "functionName", "secretId"):
        value = (denial.parameters or {}).get(name)
        if isinstance(value, str):
            yield value


def _needles(names: Iterable[str], session: str | None) -> tuple[bytes, ...]:
    told = (*names, _ORGANIZATION, *([f'"{session}"'] if session else []))
    return tuple(one.encode() for one in told if one)


def _events(pieces: Iterable[Piece], problems: list[UndenyError], needles: tuple[bytes, ...]) -> Iterator[Mapping[str, Any]]:
    for piece in pieces:
        cutter = Cutter(piece.name, problems.append)
        try:
            for records in cutter.cut(unpacked(piece.open(), piece.name, problems.append)):
                for text in map(bytes, records):
                    wanted = any(sign in text for sign in _WRITES) or b'"AssumeRole' in text
                    if wanted and any(needle in text for needle in needles):
                        yield from _decoded(text)
        except UndenyError as problem:
            problems.append(problem)


def _decoded(text: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        found = msgspec.json.decode(text)
    except ValueError:
        return
    if isinstance(found, Mapping):
        yield found


def _time(event: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(event.get("eventTime")))
    except ValueError:
        return None


def _on(event: Mapping[str, Any], names: frozenset[str]) -> str | None:
    """Say on what a write was, where it is on one of these or on the organisation's policies; `None` where it is on something else."""
    given = event.get("requestParameters")
    given = given if isinstance(given, Mapping) else {}
    arns = [str(one.get("ARN")) for one in event.get("resources") or () if isinstance(one, Mapping) and one.get("ARN")]
    named = [str(given[name]) for name in _NAMING if isinstance(given.get(name), str)]
    hit = next((one for one in (*named, *arns) if one in names or one.rpartition("/")[2] in names), None)
    if hit is not None:
        policy = given.get("policyName")
        return f"{policy} of {hit}" if isinstance(policy, str) and policy != hit else hit
    if event.get("eventSource") == _ORGANIZATION and any(word in str(event.get("eventName")) for word in _POLICY_WORDS):
        told = (given.get("policyId"), given.get("name"), given.get("targetId"), given.get("accountId"))
        return "the organisation" + "".join(f", {one}" for one in told if isinstance(one, str))
    return None


def _makes(event: Mapping[str, Any], who: Principal, session: str) -> bool:
    given = event.get("requestParameters")
    role = Principal.parse(str(given.get("roleArn"))) if isinstance(given, Mapping) else None
    same = role is not None and (role.account, (role.name or "").rpartition("/")[2]) == (who.account, who.name)
    return (
        str(event.get("eventName")).startswith("AssumeRole")
        and same
        and isinstance(given, Mapping)
        and given.get("roleSessionName") == session
    )


def _maker(event: Mapping[str, Any]) -> str:
    identity = event.get("userIdentity")
    told = identity if isinstance(identity, Mapping) else {}
    return str(told.get("arn") or told.get("invokedBy") or told.get("userName") or "nobody named")


def _by(event: Mapping[str, Any]) -> str:
    who = Principal.parse(_maker(event))
    return (
        f"{'role' if who.kind.startswith('role') else 'user'} {who.name}" if who.kind in ("role", "role_session", "user") else _maker(event)
    )
