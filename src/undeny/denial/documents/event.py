"""A CloudTrail event: management, data and network activity alike."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.denial.events import denial_of_event
from undeny.denial.model import Denial

SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"
EXAMPLES = (
    {
        "eventVersion": "1.11",
        "eventName": "CreateUser",
        "eventSource": "iam.amazonaws.com",
        "userIdentity": {},
        "errorCode": "AccessDenied",
    },
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know an event by its name and source, or what is left of one by its error beside a field that only events have."""
    if "eventName" in value and ("eventSource" in value or "userIdentity" in value or "eventVersion" in value):
        return True
    return "errorCode" in value and ("userIdentity" in value or "additionalEventData" in value or "eventSource" in value)


def read(value: Mapping[str, Any]) -> Iterator[Denial | None]:
    """Give its denial, or nothing for a call that succeeded."""
    yield denial_of_event(value)
