"""AWS CloudTrail: event history, which moto does not have.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from undeny.lab.model import Asked, Call, Fault
from undeny.lab.services._generic import tag_keys

ATTRIBUTES = ("EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId")

NAMED = {
    "roleName": "AWS::IAM::Role",
    "userName": "AWS::IAM::User",
    "groupName": "AWS::IAM::Group",
    "policyArn": "AWS::IAM::Policy",
    "bucketName": "AWS::S3::Bucket",
    "functionName": "AWS::Lambda::Function",
}
"""Parameters by which event history finds a resource."""


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the trail where one is named."""
    name = call.parameters.get("Name") or call.parameters.get("TrailName") or ""
    arn = name if name.startswith("arn:") else f"arn:aws:cloudtrail:{call.region}:{call.caller.account}:trail/{name}"
    return (Asked(action=f"cloudtrail:{call.operation}", resource=arn if name else "*", context=tag_keys(call.parameters)),)


def _lookup(lab: Any, call: Call) -> dict[str, Any] | Fault:
    """Answer as LookupEvents does: one attribute, at most 50 events a page, newest first."""
    given = call.parameters
    wanted = given.get("LookupAttributes") or []
    if len(wanted) > 1 or any(one["AttributeKey"] not in ATTRIBUTES for one in wanted):
        return Fault(code="InvalidLookupAttributesException", status=400, message="You can only provide one lookup attribute")
    limit = given.get("MaxResults") or 50
    if not 1 <= limit <= 50:
        return Fault(code="InvalidMaxResultsException", status=400, message="The maxResults value must be between 1 and 50")
    start = int(given["NextToken"]) if str(given.get("NextToken", "0")).isdigit() and given.get("NextToken") else 0
    known = lab.trail.history(call.caller.account, call.region)
    found = [event for event in known if _within(event, given) and all(_has(event, one) for one in wanted)]
    page = [_shown(event) for event in found[start : start + limit]]
    more = {"NextToken": str(start + limit)} if len(found) > start + limit else {}
    return {"Events": page, **more}


def _within(event: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    when = datetime.fromisoformat(event["eventTime"])
    after = given.get("StartTime") is None or when >= _utc(given["StartTime"])
    return after and (given.get("EndTime") is None or when <= _utc(given["EndTime"]))


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _has(event: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    shown, name, value = _shown(event), wanted["AttributeKey"], wanted["AttributeValue"]
    if name in {"ResourceName", "ResourceType"}:
        return any(thing[name] == value for thing in shown["Resources"])
    return bool(shown.get(name) == value)


def _shown(event: Mapping[str, Any]) -> dict[str, Any]:
    identity = event["userIdentity"]
    session = str(identity.get("arn", "")).rpartition("/")[2]
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": "true" if event["readOnly"] else "false",
        "AccessKeyId": identity.get("accessKeyId"),
        "EventTime": datetime.fromisoformat(event["eventTime"]),
        "EventSource": event["eventSource"],
        "Username": identity.get("userName") or ("root" if identity["type"] == "Root" else session),
        "Resources": _resources(event),
        "CloudTrailEvent": json.dumps(event),
    }


def _resources(event: Mapping[str, Any]) -> list[dict[str, str]]:
    """Give the resources of an event, those too that only its parameters name.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-supported-resource-types.html
    """
    own = [{"ResourceType": thing["type"], "ResourceName": thing["ARN"]} for thing in event.get("resources", ())]
    given = event.get("requestParameters") or {}
    return own + [{"ResourceType": kind, "ResourceName": given[name]} for name, kind in NAMED.items() if isinstance(given.get(name), str)]


ANSWERS = {"LookupEvents": _lookup}
