"""AWS's own events as AWS Health tells them, by its API or through EventBridge, and which of them bear on a call.

https://docs.aws.amazon.com/health/latest/APIReference/API_Event.html
https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from undeny import catalog
from undeny.errors import UndenyError

LEAD = timedelta(hours=1)
"""How long before an event's told beginning a refused call may be and still belong to it: AWS tells the beginning afterwards, rounded."""
DISTURBING = ("issue", "investigation")
"""Categories of events that disturb a service; the others are changes to come, and what concerns only one account.
https://docs.aws.amazon.com/health/latest/APIReference/API_EventFilter.html"""
SEVERAL = "MULTIPLE_SERVICES"
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "VPC": ("ec2",),
    "COGNITO": ("cognito-idp", "cognito-identity", "cognito-sync"),
    "ELASTICSEARCH": ("es",),
    "CLOUDWATCH": ("cloudwatch", "logs"),
    "ROUTE53PRIVATEDNS": ("route53",),
}
"""Services that Health names otherwise than anybody else (`aws health describe-event-types` lists its names)."""


class HealthEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event: Health's own name of the service, the affected Region (`global` for services without one), from when to when.

    `end` is `None` while it is open; `updated` is when AWS last said something of it.
    """

    arn: str
    service: str
    code: str
    region: str
    category: str = "issue"
    start: datetime | None = None
    end: datetime | None = None
    updated: datetime | None = None
    status: str = "open"
    description: str = ""
    account: str | None = None
    """The one account that it concerns, `None` where it is public."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The service prefixes that it may be about."""
        return OTHER_NAMES.get(self.service.upper()) or catalog.prefixes_for(self.service.lower()) or (self.service.lower(),)


def read(given: Mapping[str, Any]) -> HealthEvent:
    """Read an event as EventBridge brings it, or as DescribeEvents lists it. Raises `UndenyError` for what is neither."""
    detail = given.get("detail")
    if given.get("source") == "aws.health" and isinstance(detail, Mapping):
        return _of_bridge(detail, given)
    if isinstance(given.get("eventTypeCode"), str) and isinstance(given.get("service"), str):
        return _of_listing(given)
    raise UndenyError("this is no event of AWS Health", code="no-health-event", help=("an EventBridge event of source aws.health is one",))


def _of_bridge(detail: Mapping[str, Any], given: Mapping[str, Any]) -> HealthEvent:
    told = detail.get("eventDescription")
    texts = [one.get("latestDescription", "") for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    status = str(detail.get("statusCode") or ("closed" if detail.get("endTime") else "open"))
    updated = _time(detail.get("lastUpdatedTime")) or _time(given.get("time"))
    return HealthEvent(
        arn=str(detail.get("eventArn") or ""),
        service=str(detail.get("service") or ""),
        code=str(detail.get("eventTypeCode") or ""),
        category=str(detail.get("eventTypeCategory") or "issue"),
        region=str(detail.get("eventRegion") or given.get("region") or ""),
        start=_time(detail.get("startTime")),
        end=_time(detail.get("endTime")) or (updated if status == "closed" else None),
        updated=updated,
        status=status,
        description=str(texts[0]) if texts else "",
        account=_one_account(detail, given),
    )


def _one_account(detail: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """Give the account of an event that is of one account: the affected one, which need not be the one that it was sent to."""
    if detail.get("eventScopeCode") != "ACCOUNT_SPECIFIC":
        return None
    told = detail.get("affectedAccount") or given.get("account")
    return str(told) if told else None


def _of_listing(given: Mapping[str, Any]) -> HealthEvent:
    status = str(given.get("statusCode") or "open")
    updated = _time(given.get("lastUpdatedTime"))
    return HealthEvent(
        arn=str(given.get("arn") or ""),
        service=str(given["service"]),
        code=str(given["eventTypeCode"]),
        category=str(given.get("eventTypeCategory") or "issue"),
        region=str(given.get("region") or ""),
        start=_time(given.get("startTime")),
        end=_time(given.get("endTime")) or (updated if status == "closed" else None),
        updated=updated,
        status=status,
        description=str(given.get("description") or ""),
    )


def _time(value: Any) -> datetime | None:
    """Read a time: a `datetime`, ISO 8601, seconds since 1970, or as EventBridge brings it (`Thu, 26 Jan 2023 13:19:03 GMT`)."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str) or not value:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - only for an event that EventBridge brought

    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            told = reader(value)
        except ValueError:
            continue
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    return None


def bears(event: HealthEvent, prefix: str, region: str | None, at: datetime | None, account: str | None = None) -> bool:
    """Whether an event disturbs that service in that Region at that time.

    A Region that is not known is none that matches, but for a service without Regions; without a time only an open event counts. An
    event of one account is none of another's, where both are known.
    """
    if event.category not in DISTURBING or event.status == "upcoming":
        return False
    if event.service.upper() != SEVERAL and prefix.lower() not in event.prefixes:
        return False
    if event.region not in ("global", region) or (event.account and account and event.account != account):
        return False
    if at is None:
        return event.end is None
    return (event.start is None or event.start - LEAD <= at) and (event.end is None or at <= event.end)


def bearing(
    events: Iterable[HealthEvent], prefix: str, region: str | None, at: datetime | None, account: str | None = None
) -> tuple[HealthEvent, ...]:
    """Give the events that bear on a call, those still open first, then the newest."""
    found = [event for event in events if bears(event, prefix, region, at, account)]
    return tuple(sorted(found, key=lambda one: (one.end is not None, -(one.start.timestamp() if one.start else 0.0))))


def says(event: HealthEvent) -> str:
    """Say an event in one line."""
    since = f" since {event.start:%Y-%m-%d %H:%M} UTC" if event.start else ""
    until = f", closed {event.end:%Y-%m-%d %H:%M} UTC" if event.end else ""
    where = "everywhere" if event.region == "global" else f"in {event.region}"
    return f"{event.code} ({event.service} {where}{since}{until})"
