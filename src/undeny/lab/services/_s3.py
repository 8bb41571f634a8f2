"""What `s3.py` reads of calls, buckets and objects."""

from collections.abc import Mapping
from typing import Any

from moto.s3.models import PublicAccessBlock

from undeny.lab import state
from undeny.lab.model import Call

ACTIONS = {
    "HeadObject": "GetObject", "HeadBucket": "ListBucket", "ListObjects": "ListBucket", "ListObjectsV2": "ListBucket",
    "ListBuckets": "ListAllMyBuckets", "ListObjectVersions": "ListBucketVersions", "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject", "UploadPartCopy": "PutObject", "CompleteMultipartUpload": "PutObject", "CopyObject": "PutObject",
    "ListParts": "ListMultipartUploadParts", "ListMultipartUploads": "ListBucketMultipartUploads", "SelectObjectContent": "GetObject",
    "GetBucketEncryption": "GetEncryptionConfiguration", "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration", "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock", "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketCors": "GetBucketCORS", "PutBucketCors": "PutBucketCORS", "DeleteBucketCors": "PutBucketCORS",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration", "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration", "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration", "DeleteBucketReplication": "PutReplicationConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification", "PutBucketNotificationConfiguration": "PutBucketNotification",
    "DeleteBucketTagging": "PutBucketTagging", "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration", "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration", "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
}  # fmt: skip
"""Operations whose action has another name. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html"""
HEADERS = {
    "ServerSideEncryption": "x-amz-server-side-encryption", "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm", "ACL": "x-amz-acl", "StorageClass": "x-amz-storage-class",
    "GrantRead": "x-amz-grant-read", "GrantFullControl": "x-amz-grant-full-control", "MetadataDirective": "x-amz-metadata-directive",
    "CopySource": "x-amz-copy-source", "ObjectOwnership": "x-amz-object-ownership", "VersionId": "VersionId", "Prefix": "prefix",
    "Delimiter": "delimiter", "MaxKeys": "max-keys", "IfNoneMatch": "if-none-match",
}  # fmt: skip
"""Parameters that are condition keys. https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html"""
VERSIONED = ("GetObject", "HeadObject", "DeleteObject", "GetObjectAcl", "PutObjectAcl", "GetObjectTagging", "PutObjectTagging")


def action(call: Call) -> str:
    """Give the action of an operation; one on a named version has its own."""
    name = ACTIONS.get(call.operation, call.operation)
    if call.operation in VERSIONED and call.parameters.get("VersionId"):
        name = name.replace("Object", "ObjectVersion", 1)
    return f"s3:{name}"


def actions(call: Call) -> list[str]:
    """Give the action and those that parameters add.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """
    own, writes = [action(call)], call.operation in {"PutObject", "CopyObject", "CreateMultipartUpload"}
    if call.operation == "GetObjectAttributes":
        own.insert(0, "s3:GetObject")
    if writes and any(call.parameters.get(name) for name in ("ACL", "GrantRead", "GrantFullControl", "GrantReadACP", "GrantWriteACP")):
        own.append("s3:PutObjectAcl")
    if writes and call.parameters.get("Tagging"):
        own.append("s3:PutObjectTagging")
    return own


def context(call: Call) -> dict[str, str | list[str]]:
    """Give the condition keys that the call's parameters set."""
    found: dict[str, str | list[str]] = {
        f"s3:{key}": str(call.parameters[name]) for name, key in HEADERS.items() if call.parameters.get(name)
    }
    found |= {"s3:signatureversion": "AWS4-HMAC-SHA256", "s3:authType": "REST-HEADER", "s3:TlsVersion": "1.3"}
    if place := (call.parameters.get("CreateBucketConfiguration") or {}).get("LocationConstraint"):
        found["s3:locationconstraint"] = place
    pairs = [pair.partition("=") for pair in (call.parameters.get("Tagging") or "").split("&")] if call.operation == "PutObject" else []
    tags = {name: value for name, _, value in pairs if name}
    found |= {f"s3:RequestObjectTag/{name}": value for name, value in tags.items()}
    return found | ({"s3:RequestObjectTagKeys": list(tags)} if tags else {})


def object_context(bucket: Any, key: str | None, version: str | None) -> dict[str, str | list[str]]:
    """Give the condition keys that bucket and object set."""
    found: dict[str, str | list[str]] = {"s3:ResourceAccount": bucket.account_id}
    thing = find(bucket, key, version) if key else None
    if thing is None:
        return found
    tags = state.tags_of(state.backend("s3", bucket.account_id).tagger.list_tags_for_resource(thing.arn)["Tags"])
    return found | {f"s3:ExistingObjectTag/{name}": value for name, value in tags.items()}


def find(bucket: Any, key: str | None, version: str | None = None) -> Any:
    """Give an object, `None` where it is missing or deleted."""
    found = state.backend("s3", bucket.account_id).get_object(bucket.name, key, version_id=version) if key else None
    return found if hasattr(found, "kms_key_id") else None


def key_of(bucket: Any, thing: Any) -> Any:
    """Give the KMS key of an object, `None` where it has none."""
    if thing is None or not str(thing.encryption or "").startswith("aws:kms"):
        return None
    return state.key(thing.kms_key_id or "alias/aws/s3", bucket.account_id, bucket.region_name)


def key_for_new(call: Call, bucket: Any) -> Any:
    """Give the KMS key that a new object will have: the call's, else the bucket's default, else none.

    A key id without ARN is looked for in the caller's account.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html
    """
    asked, key_id, account = call.parameters.get("ServerSideEncryption"), call.parameters.get("SSEKMSKeyId"), call.caller.account
    if asked is None:
        default = (bucket.encryption or {}).get("Rule", {}).get("ApplyServerSideEncryptionByDefault", {})
        asked, key_id, account = default.get("SSEAlgorithm"), default.get("KMSMasterKeyID"), bucket.account_id
    if not str(asked or "").startswith("aws:kms"):
        return None
    return state.key(key_id or "alias/aws/s3", account or bucket.account_id, bucket.region_name)


def settings(bucket: Any) -> dict[str, Any]:
    """Give a bucket's facts as AWS's API names them."""
    found: dict[str, Any] = {"ObjectOwnership": bucket.ownership_rule or "BucketOwnerEnforced"}
    if bucket.public_access_block:
        found["PublicAccessBlockConfiguration"] = state.public_access_block(bucket.public_access_block)
    if bucket.encryption:
        found["ServerSideEncryptionConfiguration"] = {"Rules": [bucket.encryption["Rule"]]}
    return found


def block_public_access(bucket: Any) -> None:
    """Switch all four of a bucket's public access blocks on, unless they were set."""
    bucket.public_access_block = bucket.public_access_block or PublicAccessBlock(True, True, True, True)


def trail_parameters(call: Call) -> dict[str, Any]:
    """Give `requestParameters` as S3 writes them: `bucketName`, `key`, the host, and headers by their own names."""
    given: Mapping[str, Any] = call.parameters
    found: dict[str, Any] = {}
    if given.get("Bucket"):
        found["bucketName"] = given["Bucket"]
    found["Host"] = f"{given['Bucket']}.s3.{call.region}.amazonaws.com" if given.get("Bucket") else f"s3.{call.region}.amazonaws.com"
    if given.get("Key"):
        found["key"] = given["Key"]
    plain = {"VersionId": "versionId", "Prefix": "prefix"}
    return found | {plain.get(name, key): str(given[name]) for name, key in HEADERS.items() if given.get(name)}
