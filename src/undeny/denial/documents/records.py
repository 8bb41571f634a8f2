"""A file of a trail, or another list of records: S3 and SQS notifications, what Lambda is handed."""

from collections.abc import Iterator, Mapping
from typing import Any

SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html"
EXAMPLES = (
    {"Records": [{"eventName": "CreateUser", "eventSource": "iam.amazonaws.com", "userIdentity": {}, "errorCode": "AccessDenied"}]},
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know it by its list of records."""
    return isinstance(value.get("Records"), list | tuple)


def read(value: Mapping[str, Any]) -> Iterator[Any]:
    """Give each record, out of its envelope."""
    for record in value["Records"]:
        if not isinstance(record, Mapping):
            yield record if record is not None and not isinstance(record, str) else 0
        elif isinstance(record.get("Sns"), Mapping):
            yield record["Sns"].get("Message")
        elif isinstance(record.get("body"), str) and "eventName" not in record:
            yield record["body"]
        else:
            yield record
