"""EventBridge: the roles with which rules reach their targets."""

from collections.abc import Mapping
from typing import Any

from undeny.calls._place import Place, folded
from undeny.iam import arn as arns

SOURCE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"
TAGGED = {
    "events:PutRule": "events:TagResource",
    "events:CreateEventBus": "events:TagResource",
}
PASSES = {
    "events:PutTargets": (("targets.roleArn",), "events.amazonaws.com"),
    "events:PutRule": (("roleArn",), "events.amazonaws.com"),
    "events:CreateEndpoint": (("roleArn",), "events.amazonaws.com"),
}
CONTEXT = {"targets.arn": "events:TargetArn"}
LINKED_SOURCE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html"
LINKED = {
    "events:CreateConnection": ("apidestinations.events.amazonaws.com", "AWSServiceRoleForAmazonEventBridgeApiDestinations"),
}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a rule, under its bus where that is not the default one, or of the bus that events are put on."""
    names = folded(parameters)
    if place.region is None or place.account is None:
        return None
    bus = names.get("eventbusname")
    parsed = arns.parse(bus) if isinstance(bus, str) else None
    bus = parsed.resource_id if parsed is not None else bus if isinstance(bus, str) else "default"
    start = f"arn:{place.partition}:events:{place.region}:{parsed.account if parsed is not None else place.account}:"
    rule = names.get("rule", names.get("name") if action.endswith("Rule") else None)
    if isinstance(rule, str):
        return f"{start}rule/{rule}" if bus == "default" else f"{start}rule/{bus}/{rule}"
    return f"{start}event-bus/{bus}" if action == "events:PutEvents" else None
