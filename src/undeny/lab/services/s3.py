"""Amazon S3: operations to actions, its headers as condition keys, and what it asks of KMS on the caller's behalf.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal, Reply
from undeny.lab.services import _keys, _s3
from undeny.lab.words import sentence, standard

DATA_EVENTS = frozenset(
    {
        "GetObject", "HeadObject", "PutObject", "DeleteObject", "DeleteObjects", "CopyObject", "ListObjects", "ListObjectsV2",
        "ListObjectVersions", "CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload",
        "ListParts", "ListMultipartUploads", "GetObjectAcl", "PutObjectAcl", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging",
        "GetObjectAttributes", "HeadBucket", "SelectObjectContent", "RestoreObject",
    }
)  # fmt: skip
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html"""


def asked(call: Call) -> Iterable[Asked]:
    """Ask for the operation's own actions, then for those that S3 needs behind it."""
    name = call.parameters.get("Bucket")
    if name is None or call.operation == "CreateBucket":
        resource = f"arn:aws:s3:::{name}" if name else "*"
        return (Asked(action=_s3.action(call), resource=resource, context=_s3.context(call)),)
    bucket = state.bucket(name)
    if bucket is None:
        return ()
    if call.operation == "DeleteObjects":
        return tuple(_on(call, bucket, "s3:DeleteObject", thing["Key"]) for thing in call.parameters["Delete"]["Objects"])
    own = [_on(call, bucket, action, call.parameters.get("Key")) for action in _s3.actions(call)]
    return (*_source(call), *own, *_behind(call, bucket))


def _on(call: Call, bucket: Any, action: str, key: str | None) -> Asked:
    arn = f"arn:aws:s3:::{bucket.name}"
    context = _s3.context(call) | _s3.object_context(bucket, key, call.parameters.get("VersionId"))
    return Asked(
        action=action,
        resource=f"{arn}/{key}" if key else arn,
        account=bucket.account_id,
        policy=state.document(bucket.policy),
        context=context,
        things={arn: {"policy": state.document(bucket.policy), "settings": _s3.settings(bucket)}},
    )


def _source(call: Call) -> list[Asked]:
    """Ask to read the object that is copied."""
    source = call.parameters.get("CopySource")
    if not source:
        return []
    name, _, key = unquote(source if isinstance(source, str) else f"{source['Bucket']}/{source['Key']}").lstrip("/").partition("/")
    bucket = state.bucket(name)
    if bucket is None:
        return []
    return [_on(call, bucket, "s3:GetObject", key), *_decrypt(call, bucket, key)]


def _behind(call: Call, bucket: Any) -> list[Asked]:
    """Ask for what S3 needs behind the call: its key, and to list where the object is missing."""
    key = call.parameters.get("Key")
    if call.operation in {"GetObject", "HeadObject"}:
        if _s3.find(bucket, key, call.parameters.get("VersionId")) is None:
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: 403 for a missing object without s3:ListBucket
            return [_on(call, bucket, "s3:ListBucket", None)]
        return _decrypt(call, bucket, key) if call.operation == "GetObject" else []
    if call.operation not in {"PutObject", "CopyObject", "CreateMultipartUpload"}:
        return []
    used = _s3.key_for_new(call, bucket)
    if used is None:
        return []
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html: a multipart upload decrypts its parts too
    actions = ["kms:GenerateDataKey"] + (["kms:Decrypt"] if call.operation == "CreateMultipartUpload" else [])
    context = {"aws:s3:arn": f"arn:aws:s3:::{bucket.name}/{key}"}
    return [_keys.for_service(call, used, action, "s3", context) for action in actions]


def _decrypt(call: Call, bucket: Any, key: str | None) -> list[Asked]:
    used = _s3.key_of(bucket, _s3.find(bucket, key, call.parameters.get("VersionId")))
    if used is None:
        return []
    return [_keys.for_service(call, used, "kms:Decrypt", "s3", {"aws:s3:arn": f"arn:aws:s3:::{bucket.name}/{key}"})]


def words(call: Call, refusal: Refusal) -> Fault:
    """Say the whole sentence within one account or organisation, and two words to strangers.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html#access-denied-message-examples
    """
    owner, caller = refusal.asked.account, call.caller.account
    same_account = caller is not None and owner in {None, caller}
    management = state.management_account(caller)
    same_organization = management is not None and management == state.management_account(owner)
    plain = not same_account and (not same_organization or refusal.layer == "endpoint" or refusal.asked.via is not None)
    if plain:
        return standard(call, "Access Denied", refusal)
    return standard(call, sentence(call, refusal, resource=f'"{refusal.asked.resource}"'), refusal)


def _after_create(call: Call, reply: Reply) -> Reply:
    """Give a new bucket what every new bucket has since April 2023: no ACLs, no public access.

    https://aws.amazon.com/about-aws/whats-new/2022/12/amazon-s3-automatically-enable-block-public-access-disable-access-control-lists-buckets-april-2023/
    """
    bucket = state.bucket(call.parameters["Bucket"])
    if bucket is not None and reply.status < 300:
        bucket.ownership_rule = bucket.ownership_rule or "BucketOwnerEnforced"
        _s3.block_public_access(bucket)
    return reply


AFTER = {"CreateBucket": _after_create}


def resources(call: Call) -> list[Mapping[str, Any]]:
    """Give the `resources` of a trail event."""
    name, key = call.parameters.get("Bucket"), call.parameters.get("Key")
    bucket = state.bucket(name) if name else None
    if bucket is None:
        return []
    arn = f"arn:aws:s3:::{name}"
    mine = {"accountId": bucket.account_id, "type": "AWS::S3::Bucket", "ARN": arn}
    return [{"type": "AWS::S3::Object", "ARN": f"{arn}/{key}"}, mine] if key else [mine]


def parameters(call: Call) -> dict[str, Any]:
    """Give the `requestParameters` of a trail event, which S3 names in its own way and never withholds."""
    return _s3.trail_parameters(call)
