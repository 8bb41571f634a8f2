"""CloudWatch Logs: what `filter-log-events` gives, a query's rows, and the packed data that a subscription delivers."""

import base64
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html"
EXAMPLES = ({"logEvents": [{"message": '{"eventName":"CreateUser","eventSource":"iam.amazonaws.com","errorCode":"AccessDenied"}'}]},)
_LIMIT = 64 * 1024 * 1024


def fits(value: Mapping[str, Any]) -> bool:
    """Know the three shapes."""
    return any(isinstance(value.get(key), list | tuple) for key in ("logEvents", "events")) or isinstance(value.get("awslogs"), Mapping)


def read(value: Mapping[str, Any]) -> Iterator[Any]:
    """Give each message."""
    if isinstance(value.get("awslogs"), Mapping):
        yield _unpacked(value["awslogs"].get("data"))
        return
    for event in value.get("logEvents") or value.get("events") or ():
        if isinstance(event, Mapping):
            yield event.get("message") if isinstance(event.get("message"), str) else event


def _unpacked(data: object) -> str | None:
    if not isinstance(data, str):
        return None
    try:
        return zlib.decompressobj(31).decompress(base64.b64decode(data, validate=True), _LIMIT).decode("utf-8", "replace")
    except (ValueError, zlib.error):
        return None
