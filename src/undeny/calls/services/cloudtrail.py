"""CloudTrail: the role that writes to CloudWatch Logs."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, behind, by_service, key_arn
from undeny.calls.model import ContextValue, Request

SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html"
BUCKET = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html"
KEY_SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html"
TAGGED = {
    "cloudtrail:CreateTrail": "cloudtrail:AddTags",
}
PASSES = {
    "cloudtrail:CreateTrail": (("cloudWatchLogsRoleArn",), "cloudtrail.amazonaws.com"),
    "cloudtrail:UpdateTrail": (("cloudWatchLogsRoleArn",), "cloudtrail.amazonaws.com"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give what CloudTrail tries as itself before it takes a trail: the bucket's policy and the key's must let it in."""
    if call.request.action not in {"cloudtrail:CreateTrail", "cloudtrail:UpdateTrail"}:
        return
    bucket, key, account = call.fact("s3BucketName"), call.fact("kmsKeyId"), call.caller_account
    context: dict[str, ContextValue] = {"aws:SourceArn": call.request.resource} if call.request.resource != "*" else {}
    if isinstance(bucket, str) and account is not None:
        prefix = call.fact("s3KeyPrefix")
        start = f"arn:{call.place.partition}:s3:::{bucket}"
        folder = f"{start}/{prefix + '/' if isinstance(prefix, str) else ''}AWSLogs/{account}/*"
        reason = Reason("CloudTrail tests whether it may write to the bucket", BUCKET)
        yield by_service("cloudtrail.amazonaws.com", behind(call, "s3:GetBucketAcl", start, reason), context)
        written = {**context, "s3:x-amz-acl": "bucket-owner-full-control"}
        yield by_service("cloudtrail.amazonaws.com", behind(call, "s3:PutObject", folder, reason), written)
    if isinstance(key, str):
        reason = Reason("CloudTrail tests whether it may use the key", KEY_SOURCE)
        trail = {**context, "kms:EncryptionContext:aws:cloudtrail:arn": call.request.resource}
        yield by_service("cloudtrail.amazonaws.com", behind(call, "kms:GenerateDataKey", key_arn(call, key), reason), trail)
