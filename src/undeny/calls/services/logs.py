"""CloudWatch Logs: groups and streams, the group's KMS key, subscriptions."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny import catalog
from undeny.calls._behind import Call, Reason, behind, by_service, key_arn
from undeny.calls._place import Place, folded
from undeny.calls.model import ContextValue, Request

SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html"
KEY_SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
SUBSCRIPTIONS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample"
CONTEXT = {"logGeneratingResourceArns": "logs:LogGeneratingResourceArns"}
TAGGED = {"logs:CreateLogGroup": "logs:TagResource"}
PASSES = {
    "logs:PutSubscriptionFilter": (("roleArn",), "logs.amazonaws.com"),
    "logs:PutDestination": (("roleArn",), "logs.amazonaws.com"),
    "logs:PutAccountPolicy": (("roleArn",), "logs.amazonaws.com"),
}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a log group, or of a stream where the action works on streams."""
    names = folded(parameters)
    group = names.get("loggroupname", names.get("loggroupidentifier", names.get("resourcearn")))
    stream = names.get("logstreamname")
    if not isinstance(group, str) or place.region is None or place.account is None:
        return None
    start = (
        group.removesuffix(":*")
        if group.startswith("arn:")
        else f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:{group}"
    )
    known = catalog.action(action)
    streams = known is not None and any(kind.name == "log-stream" for kind in known.resources)
    return f"{start}:log-stream:{stream}" if streams and isinstance(stream, str) else start


def hidden(call: Call) -> Iterator[Request]:
    """Give what CloudWatch Logs tries as itself: the key of a group, the function that gets its lines."""
    if call.request.action in {"logs:CreateLogGroup", "logs:AssociateKmsKey"}:
        yield from key_of_group(call)
    target = call.fact("destinationArn")
    if call.request.action == "logs:PutSubscriptionFilter" and isinstance(target, str) and ":lambda:" in target:
        group = call.request.resource.partition(":log-stream:")[0].removesuffix(":*")
        context: dict[str, ContextValue] = {"aws:SourceArn": f"{group}:*"}
        if call.request.resource_account is not None:
            context["aws:SourceAccount"] = call.request.resource_account
        reason = Reason("CloudWatch Logs tests whether it may invoke the function", SUBSCRIPTIONS)
        yield by_service("logs.amazonaws.com", behind(call, "lambda:InvokeFunction", target, reason), context)


def key_of_group(call: Call) -> Iterator[Request]:
    """Give CloudWatch Logs' own use of the key: the key's policy must let its service in."""
    key = call.fact("kmsKeyId")
    if not isinstance(key, str) or call.place.region is None:
        return
    service = f"logs.{call.place.region}.amazonaws.com"
    context: dict[str, ContextValue] = {"kms:EncryptionContext:aws:logs:arn": call.request.resource}
    for name in ("Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey"):
        reason = Reason("CloudWatch Logs tries the key that it is to use", KEY_SOURCE, name == "Encrypt")
        yield by_service(service, behind(call, f"kms:{name}", key_arn(call, key), reason), context)
