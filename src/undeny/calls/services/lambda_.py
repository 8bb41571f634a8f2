"""Lambda: functions by name or ARN, images, code in S3, layers, keys, function URLs."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.calls._behind import Call, KeyUse, Reason, beside, by_service, kms
from undeny.calls._place import Place, dig, folded
from undeny.calls.model import Request
from undeny.iam import arn as arns

SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html"
MAPPINGS = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html#permissions-executionrole-features"
IMAGES = "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-permissions"
URLS = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
NETWORK = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions"
KEY_SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/security-encryption-at-rest.html"
CONTEXT = {
    "principal": "lambda:Principal", "authType": "lambda:FunctionUrlAuthType", "functionUrlAuthType": "lambda:FunctionUrlAuthType",
    "layers": "lambda:Layer", "codeSigningConfigArn": "lambda:CodeSigningConfigArn", "vpcConfig.subnetIds": "lambda:SubnetIds",
    "vpcConfig.securityGroupIds": "lambda:SecurityGroupIds", "eventSourceToken": "lambda:EventSourceToken",
}  # fmt: skip
TAGGED = {"lambda:CreateFunction": "lambda:TagResource", "lambda:CreateEventSourceMapping": "lambda:TagResource"}
PASSES = {
    "lambda:CreateFunction": (("role",), "lambda.amazonaws.com"),
    "lambda:UpdateFunctionConfiguration": (("role",), "lambda.amazonaws.com"),
}
READS = {
    "sqs": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
    "kinesis": ("DescribeStream", "GetRecords", "GetShardIterator"),
    "dynamodb": ("DescribeStream", "GetRecords", "GetShardIterator"),
}
MAKES = frozenset({"lambda:CreateFunction", "lambda:UpdateFunctionCode"})


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Turn a function's name, partial ARN (`ACCOUNT:function:NAME`) or ARN into its ARN, with its qualifier."""
    names = folded(parameters)
    name, qualifier = names.get("functionname"), names.get("qualifier")
    if "Function" not in action and action not in {"lambda:AddPermission", "lambda:RemovePermission", "lambda:GetPolicy"}:
        return None
    if not isinstance(name, str) or not name:
        return None
    suffix = f":{qualifier}" if isinstance(qualifier, str) and action == "lambda:InvokeFunction" else ""
    if name.startswith("arn:"):
        return name + suffix
    account, marker, bare = name.partition(":function:")
    if place.region is None or (not marker and place.account is None):
        return None
    return f"arn:{place.partition}:lambda:{place.region}:{account if marker else place.account}:function:{bare if marker else name}{suffix}"


def hidden(call: Call) -> Iterator[Request]:
    """Give what Lambda does with the caller's permissions when a function is made, and what a function URL asks for."""
    action = call.request.action
    if action in MAKES:
        yield from image(call)
        yield from code(call)
    if action in {"lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"}:
        yield from layers(call)
        yield from network(call)
        yield from environment(call)
    if action == "lambda:CreateEventSourceMapping":
        yield from event_source(call)
    if action == "lambda:InvokeFunctionUrl":
        reason = Reason("a function URL needs lambda:InvokeFunction too, since October 2025", URLS)
        yield beside(call, "lambda:InvokeFunction", call.request.resource, reason, {"lambda:InvokedViaFunctionUrl": "true"})


def event_source(call: Call) -> Iterator[Request]:
    """Give the reads that Lambda tries with the function's own role before it takes a mapping."""
    source, function = call.fact("eventSourceArn"), resource("lambda:GetFunction", call.request.parameters, call.place)
    parsed = arns.parse(source) if isinstance(source, str) else None
    role = call.fact("Role", function) if function is not None else None
    if parsed is None or not isinstance(role, str):
        return
    reason = Reason("Lambda tests whether the function's role may read the event source", MAPPINGS)
    for name in READS.get(parsed.service_prefix, ()):
        yield by_service(role, beside(call, f"{parsed.service_prefix}:{name}", str(parsed), reason), {})


def image(call: Call) -> Iterator[Request]:
    """Give the repository's actions: Lambda reads the image, and adds itself to the repository's policy where it is not in it."""
    uri = call.fact("Code.ImageUri") or call.fact("ImageUri")
    if not isinstance(uri, str):
        return
    host, _, path = uri.partition("/")
    account, region = host.split(".")[0], next(iter(host.split(".")[3:4]), None)
    repository = call.arn("ecr", f"repository/{path.partition('@')[0].partition(':')[0]}", region=region, account=account)
    for name, sure in (
        ("BatchGetImage", True),
        ("GetDownloadUrlForLayer", True),
        ("GetRepositoryPolicy", True),
        ("SetRepositoryPolicy", False),
    ):
        if name.endswith("Policy") and account != call.caller_account:
            continue
        why = "Lambda adds itself to the repository's policy for you" if name.endswith("Policy") else "Lambda reads the image for you"
        yield beside(call, f"ecr:{name}", repository, Reason(why, IMAGES, sure))


def code(call: Call) -> Iterator[Request]:
    """Give the read of the code in S3."""
    names = folded(call.request.parameters)
    inner = folded(names["code"]) if isinstance(names.get("code"), Mapping) else names
    bucket, key = inner.get("s3bucket"), inner.get("s3key")
    if isinstance(bucket, str) and isinstance(key, str):
        yield beside(
            call, "s3:GetObject", f"arn:{call.place.partition}:s3:::{bucket}/{key}", Reason("Lambda reads the code for you", SOURCE)
        )


def layers(call: Call) -> Iterator[Request]:
    """Give the read of each layer."""
    for text in dig(call.request.parameters, "layers"):
        if isinstance(text, str) and arns.parse(text) is not None:
            yield beside(call, "lambda:GetLayerVersion", text, Reason("the function uses the layer", SOURCE))


def network(call: Call) -> Iterator[Request]:
    """Give what a function in a VPC needs of the caller."""
    if call.fact("VpcConfig.SubnetIds") is None:
        return
    for name in ("DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"):
        yield beside(call, f"ec2:{name}", "*", Reason("the function is to run in a VPC", NETWORK))


def environment(call: Call) -> Iterator[Request]:
    """Give the requests to KMS for environment variables under a key of one's own."""
    key = call.fact("KMSKeyArn")
    if isinstance(key, str):
        reason = Reason("Lambda encrypts the environment variables with the function's key", KEY_SOURCE)
        yield from kms(call, KeyUse(via="lambda", key=key, actions=("CreateGrant", "Encrypt")), reason)
