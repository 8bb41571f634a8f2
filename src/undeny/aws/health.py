"""AWS Health: the events of a service and Region around the time of a failed call, where the support plan lets the API be asked.

https://docs.aws.amazon.com/health/latest/ug/health-api.html
"""

import os
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from undeny.aws.permissions import Read
from undeny.aws.reader import Reader
from undeny.aws.session import Session
from undeny.errors import UndenyError
from undeny.evidence import health
from undeny.evidence.health import HealthEvent
from undeny.evidence.model import Evidence, Gap

PERMISSIONS = {
    "health:DescribeEvents": (
        "whether AWS had an event of its own there, where the service failed, was slow or did not answer",
        "https://docs.aws.amazon.com/health/latest/APIReference/API_DescribeEvents.html",
    ),
}
GLOBAL: Mapping[str, tuple[str, str]] = {
    # partition: the name that leads to the active endpoint, and the Region where nothing leads there
    "aws": ("global.health.amazonaws.com", "us-east-1"),
    "aws-cn": ("global.health.amazonaws.com.cn", "cn-northwest-1"),
}
"""https://docs.aws.amazon.com/health/latest/ug/health-api.html#endpoints"""
_ENDPOINT = re.compile(r"health\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com")
BACK = timedelta(days=30)
"""How long before the call an event may have begun."""
NO_PLAN = "the account's support plan does not include the AWS Health API (it takes Business Support+, Enterprise or Unified Operations)"
KEPT = "undeny guard function keeps the events as EventBridge brings them, which needs no plan; undeny explain --health FILE reads them"
Resolve = Callable[[str], tuple[str, list[str], list[str]]]


def active_region(partition: str = "aws", *, resolve: Resolve = socket.gethostbyname_ex) -> str:
    """Give the Region of the active endpoint: where the global name leads to. One endpoint is active and one passive.

    >>> active_region(resolve=lambda name: ("health.us-east-2.amazonaws.com", [name], ["192.0.2.1"]))
    'us-east-2'
    """
    if partition not in GLOBAL:
        return "us-gov-west-1"
    name, usual = GLOBAL[partition]
    try:
        canonical, aliases, _ = resolve(name)
    except OSError:
        return usual
    found = next((match for text in (canonical, *aliases) if (match := _ENDPOINT.match(text))), None)
    return found[1] if found else usual


def planned() -> tuple[Read, ...]:
    """List what asking AWS Health reads."""
    return tuple(Read(action=action, target="*", why=why) for action, (why, _) in PERMISSIONS.items())


def events(
    reader: Reader,
    region: str | None,
    at: datetime,
    *,
    resolve: Resolve = socket.gethostbyname_ex,
    environment: Mapping[str, str] | None = None,
) -> tuple[HealthEvent, ...] | Gap:
    """Give the events that disturb services in a Region, and those of services without one, begun in the month before `at`."""
    told = os.environ if environment is None else environment
    elsewhere = told.get("AWS_ENDPOINT_URL") or told.get("AWS_ENDPOINT_URL_HEALTH")
    asked = {
        "regions": [*([region] if region else []), "global"],
        "eventTypeCategories": list(health.DISTURBING),
        "startTimes": [{"from": at - BACK, "to": at + health.LEAD}],
    }
    what = f"AWS Health events in {region or 'any Region'}"
    try:
        answer = reader.call(
            "health",
            "describe_events",
            action="health:DescribeEvents",
            what=what,
            none=("SubscriptionRequiredException",),
            region=None if elsewhere else active_region(reader.partition, resolve=resolve),
            filter=asked,
        )
    except UndenyError as problem:
        if problem.code != "network-unreachable":
            raise
        return reader.gap(Gap(what=what, why=problem.message, how=KEPT))  # the way there may be cut where the way to others is not
    if answer is None:
        return reader.gap(Gap(what=what, why=NO_PLAN, how=KEPT))
    return answer if isinstance(answer, Gap) else tuple(health.read(one) for one in answer.get("events", ()))


def completed(
    sessions: Sequence[Session], known: Evidence, region: str | None, at: datetime | None, resolve: Resolve | None = None
) -> Evidence:
    """Ask with each session until one may, of its own Region where none is told; gives the evidence with the events, or with why not."""
    unread: list[Gap] = []
    for session in sessions:
        reader = Reader(session)
        asked = region or session.region_name
        found = events(reader, asked, at or reader.clock(), resolve=resolve or socket.gethostbyname_ex)
        if not isinstance(found, Gap):
            return msgspec.structs.replace(known, health=found, region=asked, now=known.now or reader.clock())
        unread.append(found)
    return msgspec.structs.replace(known, gaps=(*known.gaps, *unread))
