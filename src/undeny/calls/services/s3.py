"""S3: versions, copies, headers that need a permission of their own, encryption with KMS, access points, event destinations."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny import catalog
from undeny.calls._behind import Call, KeyUse, Reason, beside, by_service, kms
from undeny.calls._place import Place, dig, fold, texts
from undeny.calls.model import ContextValue, Request
from undeny.iam import arn as arns

SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"
ENCRYPTION = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
PUT_OBJECT = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html#API_PutObject_RequestSyntax"
ACCESS_POINTS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html"
DESTINATIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"

CONTEXT = {
    "x-amz-acl": "s3:x-amz-acl", "ACL": "s3:x-amz-acl",
    "x-amz-server-side-encryption": "s3:x-amz-server-side-encryption", "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class": "s3:x-amz-storage-class", "StorageClass": "s3:x-amz-storage-class",
    "x-amz-copy-source": "s3:x-amz-copy-source", "CopySource": "s3:x-amz-copy-source",
    "x-amz-metadata-directive": "s3:x-amz-metadata-directive", "MetadataDirective": "s3:x-amz-metadata-directive",
    "x-amz-grant-full-control": "s3:x-amz-grant-full-control", "x-amz-grant-read": "s3:x-amz-grant-read",
    "x-amz-grant-read-acp": "s3:x-amz-grant-read-acp", "x-amz-grant-write": "s3:x-amz-grant-write",
    "x-amz-grant-write-acp": "s3:x-amz-grant-write-acp", "x-amz-website-redirect-location": "s3:x-amz-website-redirect-location",
    "x-amz-object-lock-mode": "s3:object-lock-mode", "ObjectLockMode": "s3:object-lock-mode",
    "x-amz-object-lock-legal-hold": "s3:object-lock-legal-hold", "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "x-amz-object-lock-retain-until-date": "s3:object-lock-retain-until-date",
    "x-amz-object-ownership": "s3:x-amz-object-ownership", "ObjectOwnership": "s3:x-amz-object-ownership",
    "prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys", "versionId": "s3:VersionId",
    "CreateBucketConfiguration.LocationConstraint": "s3:LocationConstraint", "if-none-match": "s3:if-none-match", "if-match": "s3:if-match",
}  # fmt: skip
"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys"""

PASSES = {
    "s3:PutReplicationConfiguration": (("ReplicationConfiguration.Role",), "s3.amazonaws.com"),
    "s3:CreateJob": (("roleArn",), "batchoperations.s3.amazonaws.com"),
}
"""The second: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html."""
VERSIONED = {
    "GetObject": "s3:GetObjectVersion", "HeadObject": "s3:GetObjectVersion", "DeleteObject": "s3:DeleteObjectVersion",
    "GetObjectAcl": "s3:GetObjectVersionAcl", "PutObjectAcl": "s3:PutObjectVersionAcl", "GetObjectTagging": "s3:GetObjectVersionTagging",
    "PutObjectTagging": "s3:PutObjectVersionTagging", "DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
    "GetObjectTorrent": "s3:GetObjectVersionTorrent",
}  # fmt: skip
"""The action where the call names a version: `SOURCE`, "Object operations and permissions"."""

READS = ("s3:getobject", "s3:getobjectversion")
WITH_ACL = ("s3:x-amz-acl", "s3:x-amz-grant-full-control", "s3:x-amz-grant-read", "s3:x-amz-grant-read-acp", "s3:x-amz-grant-write-acp")
HEADERS = (
    (WITH_ACL, "s3:PutObjectAcl", "the upload sets an ACL"),
    (("s3:RequestObjectTagKeys",), "s3:PutObjectTagging", "the upload sets tags"),
    (("s3:object-lock-mode", "s3:object-lock-retain-until-date"), "s3:PutObjectRetention", "the upload sets a retention"),
    (("s3:object-lock-legal-hold",), "s3:PutObjectLegalHold", "the upload sets a legal hold"),
)
DELIVERIES = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction"}


DIRECTORY = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html"
ON_DIRECTORY = frozenset({
    "PutObject", "GetObject", "HeadObject", "DeleteObject", "DeleteObjects", "CopyObject", "ListObjectsV2", "CreateMultipartUpload",
    "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts", "ListMultipartUploads",
    "GetObjectAttributes", "HeadBucket",
})  # fmt: skip
"""Operations that a directory bucket decides by s3express:CreateSession alone: `DIRECTORY`."""


def actions(operation: str, parameters: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Give the actions of an operation that depend on its parameters: a directory bucket, a version."""
    bucket = next(dig(parameters, "bucketName"), next(dig(parameters, "bucket"), ""))
    if str(bucket).endswith("--x-s3") and operation in ON_DIRECTORY:
        return ("s3express:CreateSession",)
    version = next(dig(parameters, "versionId"), None)
    if version is not None and operation == "GetObjectAttributes":
        return ("s3:GetObjectVersionAttributes", "s3:GetObjectVersion")
    versioned = VERSIONED.get(operation)
    return (versioned,) if version is not None and versioned is not None else None


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a bucket, an object, or an object behind an access point."""
    names = {fold(name): value for name, value in parameters.items()}
    bucket, key = names.get("bucketname", names.get("bucket")), names.get("key")
    source = names.get("xamzcopysource", names.get("copysource"))
    if isinstance(source, Mapping):
        source = f"{source.get('Bucket', '')}/{source.get('Key', '')}"
    if action.lower() in READS and isinstance(source, str):
        bucket, _, key = source.partition("?")[0].lstrip("/").partition("/")
    if not isinstance(bucket, str) or not bucket or bucket.endswith("-s3alias"):
        return ""
    if not on_object(action):
        return bucket if bucket.startswith("arn:") else f"arn:{place.partition}:s3:::{bucket}"
    key = key or next(dig(parameters, "Delete.Objects.Key"), None)
    if not isinstance(key, str):
        return f"arn:{place.partition}:s3:::{bucket}/*" if action == "s3:DeleteObject" and not bucket.startswith("arn:") else None
    return f"{bucket}/object/{key}" if bucket.startswith("arn:") else f"arn:{place.partition}:s3:::{bucket}/{key}"


def on_object(action: str) -> bool:
    """Whether an action works on objects."""
    found = catalog.action(action)
    return found is not None and any(kind.name == "object" for kind in found.resources)


def hidden(call: Call) -> Iterator[Request]:
    """Give what an S3 call needs beside its own action, and what S3 does behind it."""
    yield from through_access_point(call)
    action = call.request.action.lower()
    if action in READS:
        yield from decrypts(call)
    if action == "s3:putobject":
        yield from headers(call)
        yield from source_of_copy(call)
        yield from encrypts(call)
    if action == "s3:putbucketnotification":
        yield from destinations(call)
    if action == "s3:createbucket":
        yield from creation(call)


def bucket_and_key(call: Call) -> tuple[str | None, str]:
    """Give the ARN of the bucket that holds the object, also behind an access point, and the object's key."""
    parsed = arns.parse(call.request.resource)
    if parsed is None:
        return None, ""
    if not parsed.account:
        bucket, _, key = parsed.resource.partition("/")
        return f"arn:{parsed.partition}:s3:::{bucket}", key
    point, _, key = parsed.resource.partition("/object/")
    name = call.fact("Bucket", f"arn:{parsed.partition}:s3:{parsed.region}:{parsed.account}:{point}")
    return f"arn:{parsed.partition}:s3:::{name}" if isinstance(name, str) else None, key


def through_access_point(call: Call) -> Iterator[Request]:
    """Give the request on the bucket, which must be allowed beside the one on the access point."""
    parsed = arns.parse(call.request.resource)
    if parsed is None or not parsed.account or not parsed.resource.startswith("accesspoint/"):
        return
    point = f"arn:{parsed.partition}:s3:{parsed.region}:{parsed.account}:{parsed.resource.partition('/object/')[0]}"
    bucket, key = bucket_and_key(call)
    if bucket is None:
        return
    told: dict[str, ContextValue] = {"s3:DataAccessPointArn": point, "s3:DataAccessPointAccount": parsed.account}
    origin = call.fact("NetworkOrigin", point)
    if isinstance(origin, str):
        told["s3:AccessPointNetworkOrigin"] = origin
    reason = Reason("the bucket must allow it too: an access point only adds a door", ACCESS_POINTS)
    made = beside(call, call.request.action, f"{bucket}/{key}" if key else bucket, reason, told)
    owner = call.fact("BucketAccountId", point)
    yield made if not isinstance(owner, str) else with_owner(made, owner)


def with_owner(request: Request, account: str) -> Request:
    """Give the request with the account that owns its resource."""
    return msgspec.structs.replace(request, resource_account=account)


Encryption = tuple[str | None, bool, Mapping[str, ContextValue]]


def uses(call: Call, found: Encryption, operation: str, reason: Reason) -> Iterator[Request]:
    """Make the request to KMS in the Region of the bucket, where that was read; a key without account is of the caller's.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html#bucket-encryption-update-bucket-policy
    """
    region = call.fact("LocationConstraint", bucket_and_key(call)[0] or "")
    use = KeyUse(
        via="s3",
        key=found[0],
        actions=(operation,),
        context=found[2],
        region=region if isinstance(region, str) else None,
        account=call.caller_account,
    )
    yield from kms(call, use, reason)


def encryption(call: Call) -> Encryption | None:
    """Give the KMS key in play (`None`: not known), whether KMS surely is, and the encryption context; `None` where KMS is not in play.

    An upload says it in its headers, an object that was read in its own facts; else the bucket's default encryption does, which new
    objects get: headers, and facts of the object, win over it.
    """
    bucket, key = bucket_and_key(call)
    own: Mapping[str, Any] = (call.facts(f"{bucket}/{key}") if bucket is not None else None) or {}
    default = bucket_default(call, bucket)
    if call.request.action.lower() == "s3:putobject":
        own = {
            "ServerSideEncryption": call.key("s3:x-amz-server-side-encryption"),
            "SSEKMSKeyId": call.key("s3:x-amz-server-side-encryption-aws-kms-key-id"),
        }
    elif call.key("s3:x-amz-server-side-encryption-customer-algorithm") is not None:
        return None
    told = own if own.get("ServerSideEncryption") or own.get("SSEKMSKeyId") else default
    if told is None:
        return None, False, {}
    algorithm, named = told.get("ServerSideEncryption"), told.get("SSEKMSKeyId")
    if named is None and not str(algorithm).startswith("aws:kms"):
        return None
    bucket_key = bool(own.get("BucketKeyEnabled", (default or {}).get("BucketKeyEnabled", False)))
    context = {"kms:EncryptionContext:aws:s3:arn": bucket if bucket_key else f"{bucket}/{key}"} if bucket is not None else {}
    return str(named) if named is not None else "alias/aws/s3", True, context


def bucket_default(call: Call, bucket: str | None) -> Mapping[str, Any] | None:
    """Give the bucket's default encryption in the terms of an object; `None` where it was not read.

    A configuration without a KMS key means `alias/aws/s3`: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html.
    """
    for rule in dig(call.facts(bucket) if bucket is not None else None, "ServerSideEncryptionConfiguration.Rules"):
        algorithm = next(dig(rule, "ApplyServerSideEncryptionByDefault.SSEAlgorithm"), None)
        key = next(dig(rule, "ApplyServerSideEncryptionByDefault.KMSMasterKeyID"), None)
        return {"ServerSideEncryption": algorithm, "SSEKMSKeyId": key, "BucketKeyEnabled": rule.get("BucketKeyEnabled", False)}
    return None


def decrypts(call: Call) -> Iterator[Request]:
    """Give kms:Decrypt behind a read of an object that is encrypted with KMS."""
    found = encryption(call)
    if found is None or (found[0] is None and call.request.principal == "anonymous"):
        return
    sure = found[1]
    why = "S3 decrypts the object for you" if sure else "S3 decrypts the object for you, if it is encrypted with KMS"
    yield from uses(call, found, "Decrypt", Reason(why, ENCRYPTION, sure))


def encrypts(call: Call) -> Iterator[Request]:
    """Give kms:GenerateDataKey behind an upload, and kms:Decrypt, which an upload in parts needs too."""
    found = encryption(call)
    if found is None or (found[0] is None and call.request.principal == "anonymous"):
        return
    if not found[1]:
        reason = Reason("S3 encrypts the object for you, if the bucket encrypts with KMS", ENCRYPTION, certain=False)
        yield from uses(call, found, "GenerateDataKey", reason)
        return
    reason = Reason("S3 encrypts the object for you", ENCRYPTION)
    yield from uses(call, found, "GenerateDataKey", reason)
    parts = any(fold(name) in {"uploadid", "partnumber", "uploads"} for name in call.request.parameters)
    why = "S3 decrypts the parts of the upload to put them together" if parts else "an upload in parts makes S3 decrypt the parts"
    yield from uses(call, found, "Decrypt", Reason(why, ENCRYPTION, parts))


def headers(call: Call) -> Iterator[Request]:
    """Give the permissions that headers of an upload need; the services that deliver logs are let through without them."""
    if call.by_service:
        return
    present = {key.lower() for key in call.request.context}
    untold = {key.lower() for key in call.request.unknown_keys}
    if any(fold(name) in {"xamztagging", "tagging"} for name in call.request.parameters):
        present.add("s3:requestobjecttagkeys")
    for keys, action, why in HEADERS:
        lowered = {key.lower() for key in keys}
        if lowered & present:
            harmless = action == "s3:PutObjectAcl" and call.key("s3:x-amz-acl") in {"private", "bucket-owner-full-control"}
            yield beside(call, action, call.request.resource, Reason(why, PUT_OBJECT, not harmless))
        elif lowered & untold and action in {"s3:PutObjectAcl", "s3:PutObjectTagging"}:
            yield beside(call, action, call.request.resource, Reason(f"if {why}", PUT_OBJECT, certain=False))


def source_of_copy(call: Call) -> Iterator[Request]:
    """Give the read of the object that is copied, and of its tags where it has some.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_RequestSyntax
    """
    source = call.key("s3:x-amz-copy-source")
    if source is None:
        return
    page = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_RequestSyntax"
    bucket, _, key = source.partition("?")[0].removeprefix("arn:aws:s3:::").lstrip("/").partition("/")
    if not key:
        return
    arn = f"arn:{call.place.partition}:s3:::{bucket}/{key}"
    yield beside(call, "s3:GetObject", arn, Reason("a copy reads its source", page))
    if call.fact("TagCount", arn) or call.fact("TagSet", arn):
        yield beside(call, "s3:GetObjectTagging", arn, Reason("a copy takes the tags of its source along", page))
        yield beside(call, "s3:PutObjectTagging", call.request.resource, Reason("a copy takes the tags of its source along", page))


def creation(call: Call) -> Iterator[Request]:
    """Give the permissions that options of CreateBucket need."""
    present = {key.lower() for key in call.request.context}
    options = {fold(name) for name in call.request.parameters}
    page = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_RequestSyntax"
    if present & {key.lower() for key in WITH_ACL}:
        yield beside(call, "s3:PutBucketAcl", call.request.resource, Reason("the new bucket gets an ACL", page))
    if "s3:x-amz-object-ownership" in present:
        yield beside(call, "s3:PutBucketOwnershipControls", call.request.resource, Reason("the new bucket gets an object ownership", page))
    if options & {"objectlockenabledforbucket", "xamzbucketobjectlockenabled"}:
        for action in ("s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"):
            yield beside(call, action, call.request.resource, Reason("the new bucket gets Object Lock", page))


def destinations(call: Call) -> Iterator[Request]:
    """Give S3's own test of each event destination: it must let s3.amazonaws.com in, or the call is refused."""
    told = [*texts(call.request.parameters), *texts(call.facts() or {})]
    owner = call.request.resource_account or call.caller_account
    for text in dict.fromkeys(told):
        parsed = arns.parse(text)
        action = DELIVERIES.get(parsed.service_prefix) if parsed is not None else None
        if action is None:
            continue
        reason = Reason("S3 tests whether it may deliver events there", DESTINATIONS)
        context: dict[str, ContextValue] = {"aws:SourceArn": call.request.resource}
        if owner is not None:
            context["aws:SourceAccount"] = owner
        yield by_service("s3.amazonaws.com", beside(call, action, text, reason), context)
