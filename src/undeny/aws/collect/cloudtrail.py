"""CloudTrail event history: who changed the caller or the thing shortly before, and with which policy a session was made."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from undeny.aws.collect import iam
from undeny.aws.reader import Reader
from undeny.evidence import gaps
from undeny.evidence.model import Change, Gap, Policy, PolicySet
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

PERMISSIONS = {
    "cloudtrail:LookupEvents": (
        "who changed the caller, its policies, the thing or its key in the day before, and the policy that a session was made with",
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html",
    ),
}
_GLOBAL = "us-east-1"  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
LATELY, _LONGEST = timedelta(hours=24), timedelta(hours=12)
_STEPS = 4
"""Steps of a chain of roles that are followed."""
MOST = 10
"""Changes that are told at most, the newest ones; and things beside caller and resource that are asked about."""
_ORGANIZATION = "organizations.amazonaws.com"
_MADE_BY = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")


def changes(reader: Reader, principal: str | None, resource: str, now: datetime, more: Iterable[str] = ()) -> tuple[Change, ...]:
    """Give the writes to the caller's role or user, and to the thing, in the day before `now`: the newest, oldest first.

    `more` are ARNs of what else bears on the call: policies of the caller, the key of the thing.
    """
    found: list[Change] = []
    names = [*_names(principal, resource, reader.me.account), *list(_others(more, reader.me.account))[:MOST]]
    for name, region in dict.fromkeys(one for one in names if one[0]):
        events = _look(reader, name, region, (now - LATELY, now), f"changes of {name} in the day before")
        found.extend(_change(event, name) for event in ([] if isinstance(events, Gap) else events) if _wrote(event))
    policies = _look(
        reader, _ORGANIZATION, _GLOBAL, (now - LATELY, now), "changes of the organisation in the day before", attribute="EventSource"
    )
    found.extend(_change(event, "the organisation") for event in ([] if isinstance(policies, Gap) else policies) if _wrote(event))
    return tuple(sorted(dict.fromkeys(found), key=lambda change: change.time))[-MOST:]


def _wrote(event: Mapping[str, Any]) -> bool:
    """Whether a call changed something: it writes, and was not refused."""
    return event.get("ReadOnly") != "true" and not _told(event).get("errorCode")


def _others(arns: Iterable[str], account: str) -> Iterator[tuple[str, str | None]]:
    """Name policies and keys of this account as event history does: by their ARNs."""
    for text in arns:
        arn = Arn.parse(text)
        if arn is not None and arn.account == account:
            yield text, _GLOBAL if arn.service_prefix == "iam" else arn.region


def _names(principal: str | None, resource: str, account: str) -> Iterator[tuple[str, str | None]]:
    who = Principal.parse(principal) if principal else None
    if who is not None and who.account == account and who.kind in ("role", "role_session", "user"):
        yield (who.name or "").rpartition("/")[2], _GLOBAL
    arn = Arn.parse(resource)
    if arn is None or "*" in arn.resource or arn.account not in ("", account):
        return
    if arn.service_prefix == "s3":
        yield arn.bucket, None
    elif arn.service_prefix == "iam":
        yield arn.name, _GLOBAL
    elif arn.service_prefix in ("kms", "lambda", "sqs", "sns", "secretsmanager", "dynamodb"):
        yield str(arn), arn.region


def _look(  # noqa: PLR0913 - one question to event history
    reader: Reader, name: str, region: str | None, within: tuple[datetime, datetime], what: str, *, attribute: str = "ResourceName"
) -> list[dict[str, Any]] | Gap:
    attributes = [{"AttributeKey": attribute, "AttributeValue": name}]
    answer = reader.call(
        "cloudtrail",
        "lookup_events",
        action="cloudtrail:LookupEvents",
        what=what,
        region=region,
        LookupAttributes=attributes,
        StartTime=within[0],
        EndTime=within[1],
    )
    return answer if isinstance(answer, Gap) else list((answer or {}).get("Events", ()))


def _change(event: Mapping[str, Any], name: str) -> Change:
    told = _told(event)
    policy = (told.get("requestParameters") or {}).get("policyName")
    return Change(
        time=event["EventTime"],
        by=_by(told, event.get("Username")),
        event=event["EventName"],
        on=f"{policy} of {name}" if policy else name,
    )


def _told(event: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(event.get("CloudTrailEvent") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _by(told: Mapping[str, Any], username: str | None) -> str:
    who = Principal.parse(str((told.get("userIdentity") or {}).get("arn") or ""))
    if who.kind in ("role_session", "role"):
        return f"role {who.name}"
    return f"user {who.name}" if who.kind == "user" else username or "not said"


def session(reader: Reader, principal: str, now: datetime, region: str | None = None) -> PolicySet:
    """Give the session policies with which a role session was made, from the event of the call that made it.

    `None` where that event shows none; a gap where no event, or several that differ, are there. Event history is of the role's own
    account: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
    """
    who = Principal.parse(principal)
    missing = gaps.session(principal, "no event in the 12 hours before shows how the session was made")
    seen = [event for place in _places(reader, region) for event in _made(reader, who, place, now)]
    policies = {json.dumps([told.get("policy"), told.get("policyArns")], sort_keys=True) for told in seen}
    if len(policies) != 1:
        return missing
    text, arns = seen[0].get("policy"), seen[0].get("policyArns") or ()
    found: list[Policy | Gap] = [reader.policy("session policy", text, attached_to=principal)] if isinstance(text, str) else []
    found.extend(iam.managed(reader, one["arn"], attached_to=principal) for one in arns)
    unread = next((one for one in found if isinstance(one, Gap)), None)
    return unread or (tuple(one for one in found if isinstance(one, Policy)) or None)


def _places(reader: Reader, region: str | None) -> tuple[str | None, ...]:
    """Give the Regions whose event history may show how a session was made: the reader's, the call's, and that of STS's global endpoint."""
    return tuple(dict.fromkeys((reader.me.region, *((region,) if region else ()), _GLOBAL)))


def assumed(reader: Reader, principal: str | None, now: datetime, region: str | None = None) -> tuple[str, ...]:
    """Say by whom the caller's session was made, and by whom that caller's, as far as event history of this account shows it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
    """
    out: list[str] = []
    caller = principal
    for _ in range(_STEPS):
        who = Principal.parse(caller) if caller else None
        if who is None or who.kind != "role_session" or who.account != reader.me.account:
            break
        made = [event for place in _places(reader, region) for event in _making(reader, who, place, now)]
        if not made:
            break
        newest = max(made, key=lambda event: str(event.get("eventTime")))
        identity = newest.get("userIdentity") or {}
        by = identity.get("arn") or identity.get("invokedBy") or identity.get("userName")
        if not by:
            break
        when = datetime.fromisoformat(str(newest["eventTime"])) if newest.get("eventTime") else None
        out.append(f"its session was made by {by} ({newest.get('eventName')}" + (f" at {when:%H:%M:%S} UTC)" if when else ")"))
        caller = by if by != caller else None
    return tuple(out)


def _making(reader: Reader, who: Principal, region: str | None, now: datetime) -> Iterator[dict[str, Any]]:
    """Give the events that made sessions of that role and name, before `now`."""
    events = _look(reader, who.role_arn or "", region, (now - _LONGEST, now), f"how session {who.session_name} was made")
    for event in [] if isinstance(events, Gap) else events:
        told = _told(event)
        given = told.get("requestParameters") or {}
        if event.get("EventName") in _MADE_BY and given.get("roleSessionName") == who.session_name and not told.get("errorCode"):
            yield told


def _made(reader: Reader, who: Principal, region: str | None, now: datetime) -> Iterator[dict[str, Any]]:
    yield from ((told.get("requestParameters") or {}) for told in _making(reader, who, region, now))
