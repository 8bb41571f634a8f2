"""An event as EventBridge delivers it: the record is in `detail`."""

from collections.abc import Iterator, Mapping
from typing import Any

SOURCE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html"
EXAMPLES = (
    {
        "detail-type": "AWS API Call via CloudTrail",
        "detail": {"eventName": "CreateUser", "eventSource": "iam.amazonaws.com", "userIdentity": {}, "errorCode": "AccessDenied"},
    },
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know it by its detail."""
    return isinstance(value.get("detail"), Mapping) and "eventName" not in value


def read(value: Mapping[str, Any]) -> Iterator[Any]:
    """Give the detail."""
    yield value["detail"]
