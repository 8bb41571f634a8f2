"""Kinesis: a stream's policy and its key."""

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "kinesis"
_API = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_"
PERMISSIONS = {
    "kinesis:GetResourcePolicy": ("the stream's policy", f"{_API}GetResourcePolicy.html"),
    "kinesis:DescribeStreamSummary": ("the stream's key", f"{_API}DescribeStreamSummary.html"),
}
_KEPT = ("StreamName", "StreamStatus", "EncryptionType", "KeyId")
_NOT_FOUND = "ResourceNotFoundException"


def thing(arn: Arn) -> str | None:
    """Give the stream, of a consumer's ARN too."""
    parts = arn.resource.split("/")
    if parts[0] != "stream" or len(parts) < 2 or "*" in parts[1]:
        return None
    stream = Arn(partition=arn.partition, service_prefix="kinesis", region=arn.region, account=arn.account, resource="/".join(parts[:2]))
    return str(stream)


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a stream."""
    text, region = str(arn), arn.region
    found = reader.call(
        "kinesis",
        "describe_stream_summary",
        action="kinesis:DescribeStreamSummary",
        what=f"key of {text}",
        none=(_NOT_FOUND,),
        region=region,
        StreamARN=text,
    )
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    held = found["StreamDescriptionSummary"] if isinstance(found, dict) else {}
    settings = {key: held[key] for key in _KEPT if held.get(key)}
    what, action = f"resource policy of {text}", "kinesis:GetResourcePolicy"
    answer = reader.call("kinesis", "get_resource_policy", action=action, what=what, none=(_NOT_FOUND,), region=region, ResourceARN=text)
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer, settings=settings, exists=True if settings else None)
    # a stream without a policy answers with an empty document
    written = answer["Policy"] if answer and answer.get("Policy") not in (None, "", "{}") else None
    policy = reader.policy("stream policy", written, attached_to=text) if written else None
    return Resource(arn=text, policy=policy, settings=settings, exists=True if settings else None)


def keys(resource: Resource) -> tuple[str, ...]:
    """Give the key of a stream that is encrypted: its field is called `KeyId` alone."""
    key = resource.settings.get("KeyId")
    return (key,) if isinstance(key, str) else ()
