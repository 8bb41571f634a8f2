"""A row of Athena or CloudTrail Lake: columns in lower case, structures as text, or one small mapping a column."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.denial.rows import named_as_in_events, struct_of

SOURCE = "https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html"
EXAMPLES = (
    {
        "eventname": "CreateUser",
        "eventsource": "iam.amazonaws.com",
        "errorcode": "AccessDenied",
        "useridentity": "{type=IAMUser, arn=arn:aws:iam::111122223333:user/a}",
    },
    {"QueryResultRows": [[{"eventName": "CreateUser"}, {"eventSource": "iam.amazonaws.com"}, {"errorCode": "AccessDenied"}]]},
)
_STRUCTURES = frozenset(
    {"userIdentity", "requestParameters", "responseElements", "additionalEventData", "resources", "tlsDetails", "serviceEventDetails"}
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know a row, or the answers of the two services."""
    if "QueryResultRows" in value or (isinstance(value.get("ResultSet"), Mapping) and "Rows" in value["ResultSet"]):
        return True
    return (
        "eventname" in value
        or "errorcode" in value
        or (isinstance(value.get("eventName"), str) and isinstance(value.get("userIdentity"), str))
    )


def read(value: Mapping[str, Any]) -> Iterator[Any]:
    """Give each row as an event."""
    if "QueryResultRows" in value:
        for row in _list(value["QueryResultRows"]):
            yield _event({key: item for cell in _list(row) if isinstance(cell, Mapping) for key, item in cell.items()})
    elif isinstance(value.get("ResultSet"), Mapping):
        rows = [
            [_mapping(cell).get("VarCharValue") for cell in _list(_mapping(row).get("Data"))]
            for row in _list(_mapping(value.get("ResultSet")).get("Rows"))
        ]
        for row in rows[1:]:
            yield _event({str(name): item for name, item in zip(rows[0], row, strict=False) if name})
    else:
        yield _event(value)


def _event(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    named = ((named_as_in_events(str(key)), item) for key, item in row.items())
    found = {name: _opened(item) if name in _STRUCTURES else item for name, item in named}
    found.setdefault("eventSource", None)
    if isinstance(found.get("userIdentity"), str):
        found["userIdentity"] = None
    return found if "eventName" in found or "errorCode" in found else None


def _opened(item: object) -> object:
    """Open a structure that came as text: JSON, or Athena's `{key=value}`."""
    if not isinstance(item, str) or item[:1] not in {"{", "["}:
        return item
    try:
        return msgspec.json.decode(item)
    except (ValueError, RecursionError):
        return struct_of(item)


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
