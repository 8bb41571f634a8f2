"""Operations that CloudTrail records as data events only: event history never holds them, and a trail only where it was told to.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from collections.abc import Mapping

S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-object-level-tracking"
OPERATIONS: Mapping[str, frozenset[str]] = {
    "s3": frozenset({
        "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "DeleteObject", "DeleteObjects",
        "DeleteObjectTagging", "GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold", "GetObjectRetention",
        "GetObjectTagging", "GetObjectTorrent", "HeadObject", "HeadBucket", "ListMultipartUploads", "ListObjects", "ListObjectsV2",
        "ListObjectVersions", "ListParts", "PutObject", "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging",
        "RestoreObject", "SelectObjectContent", "UploadPart", "UploadPartCopy",
    }),
    # https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
    "lambda": frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream", "InvokeFunction", "InvokeFunctionUrl"}),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html
    "dynamodb": frozenset({
        "BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "DeleteItem", "ExecuteStatement", "ExecuteTransaction", "GetItem",
        "GetRecords", "GetShardIterator", "PutItem", "Query", "Scan", "TransactGetItems", "TransactWriteItems", "UpdateItem",
    }),
    # https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html
    "sns": frozenset({"Publish", "PublishBatch"}),
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-logging-using-cloudtrail.html
    "sqs": frozenset({
        "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage", "DeleteMessageBatch", "ReceiveMessage", "SendMessage",
        "SendMessageBatch",
    }),
    # https://docs.aws.amazon.com/streams/latest/dev/logging-using-cloudtrail.html
    "kinesis": frozenset({"GetRecords", "GetShardIterator", "PutRecord", "PutRecords", "SubscribeToShard"}),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/logging-using-cloudtrail.html
    "sagemaker": frozenset({"InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream", "PutRecord", "GetRecord"}),
}  # fmt: skip


def kind_of(name: str) -> str | None:
    """Give the service as whose data event an operation or action is recorded, `None` where it is a management event or not known.

    >>> kind_of("s3:PutObject"), kind_of("Invoke"), kind_of("kms:Decrypt")
    ('s3', 'lambda', None)
    """
    prefix, _, operation = name.rpartition(":")
    held = (OPERATIONS.get(prefix.lower(), frozenset()),) if prefix else OPERATIONS.values()
    if not any(operation.lower() == one.lower() for names in held for one in names):
        return None
    return prefix.lower() or next(service for service, names in OPERATIONS.items() if operation.lower() in {one.lower() for one in names})


def never_there(name: str) -> str | None:
    """Say that event history cannot hold this call, and what can; `None` where it may be there."""
    service = kind_of(name)
    if service is None:
        return None
    return (
        f"event history cannot hold {name}: it is a data event of {service}. A trail that was told to record them does:"
        f" undeny find s3://TRAIL-BUCKET/AWSLogs/ --name {name}"
    )
