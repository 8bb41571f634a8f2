"""What `aws cloudtrail lookup-events` gives: each event is a text in `CloudTrailEvent`."""

from collections.abc import Iterator, Mapping
from typing import Any

SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html"
EXAMPLES = (
    {
        "Events": [
            {"EventId": "e", "CloudTrailEvent": '{"eventName":"CreateUser","eventSource":"iam.amazonaws.com","errorCode":"AccessDenied"}'}
        ]
    },
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know the list, or one event of it."""
    return isinstance(value.get("Events"), list | tuple) or "CloudTrailEvent" in value


def read(value: Mapping[str, Any]) -> Iterator[Any]:
    """Give the text, or the record, of each event."""
    if "CloudTrailEvent" in value:
        yield value["CloudTrailEvent"]
        return
    for event in value["Events"]:
        yield event if isinstance(event, Mapping) else 0
