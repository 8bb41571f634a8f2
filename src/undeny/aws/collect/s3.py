"""S3: a bucket's policy, its own gates (Block Public Access, ownership, payer), its encryption and where it is."""

from collections.abc import Iterator
from typing import Any

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Policy, Resource
from undeny.iam.arn import Arn

SERVICE = "s3"
_API = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_"
PERMISSIONS = {
    "s3:GetBucketPolicy": ("the bucket's policy", f"{_API}GetBucketPolicy.html"),
    "s3:GetBucketPublicAccessBlock": ("Block Public Access of the bucket", f"{_API}GetPublicAccessBlock.html"),
    "s3:GetAccountPublicAccessBlock": ("Block Public Access of the account", f"{_API}control_GetPublicAccessBlock.html"),
    "s3:GetBucketOwnershipControls": ("whether access control lists count", f"{_API}GetBucketOwnershipControls.html"),
    "s3:GetEncryptionConfiguration": ("which key the bucket encrypts with", f"{_API}GetBucketEncryption.html"),
    "s3:GetBucketRequestPayment": ("whether the requester pays", f"{_API}GetBucketRequestPayment.html"),
    "s3:GetBucketLocation": ("the bucket's Region", f"{_API}GetBucketLocation.html"),
    "s3:GetBucketAcl": ("the bucket's access control list, where lists count", f"{_API}GetBucketAcl.html"),
    "s3:GetAccessPointPolicy": ("the policy of an access point", f"{_API}control_GetAccessPointPolicy.html"),
    "s3:GetAccessPoint": ("the bucket behind an access point", f"{_API}control_GetAccessPoint.html"),
}
ACCOUNT_PERMISSIONS = {
    "s3:ListAllMyBuckets": ("the account's buckets", f"{_API}ListBuckets.html"),
}
_POINT = ("s3:GetAccessPointPolicy", "s3:GetAccessPoint")
_NO_BUCKET = "NoSuchBucket"
# S3 encrypts with its own keys wherever nothing else is set: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
_BASE_ENCRYPTION = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]}


def thing(arn: Arn) -> str | None:
    """Give the bucket, or the access point, that an ARN belongs to."""
    if arn.bucket in ("", "*"):
        return None
    if arn.account:
        parts = arn.resource.split("/")
        point = Arn(partition=arn.partition, service_prefix="s3", region=arn.region, account=arn.account, resource="/".join(parts[:2]))
        return str(point) if parts[0] == "accesspoint" else None
    return str(Arn(partition=arn.partition, service_prefix="s3", region="", account="", resource=arn.bucket))


def planned(arn: Arn) -> tuple[str, ...]:
    """Give the actions that `read` uses."""
    return _POINT if arn.account else tuple(action for action in PERMISSIONS if action not in _POINT)


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a bucket or an access point."""
    if arn.account:
        return _access_point(reader, arn)
    text, bucket = str(arn), arn.resource
    none = ("NoSuchBucketPolicy",)
    answer = reader.call(
        "s3",
        "get_bucket_policy",
        action="s3:GetBucketPolicy",
        what=f"resource policy of {text}",
        none=(*none, _NO_BUCKET),
        **_owned(reader, bucket),
    )
    if answer is None and _gone(reader, bucket):
        return Resource(arn=text, policy=None, exists=False)
    policy = _policy(reader, answer, text)
    return Resource(arn=text, policy=policy, settings=_settings(reader, bucket, text), exists=None if isinstance(answer, Gap) else True)


def _owned(reader: Reader, bucket: str) -> dict[str, str]:
    """Name the bucket and its owner: AWS then refuses where a bucket of that name is another account's.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    """
    return {"Bucket": bucket, "ExpectedBucketOwner": reader.me.account}


def _gone(reader: Reader, bucket: str) -> bool:
    """Tell whether the bucket does not exist: `NoSuchBucket` here too, where a bucket without policy has a location."""
    return _location(reader, bucket) is None


def _location(reader: Reader, bucket: str) -> Any:
    return reader.call(
        "s3",
        "get_bucket_location",
        action="s3:GetBucketLocation",
        what=f"Region of bucket {bucket}",
        none=(_NO_BUCKET,),
        **_owned(reader, bucket),
    )


def _policy(reader: Reader, answer: Any, arn: str) -> Policy | Gap | None:
    if isinstance(answer, Gap) or answer is None:
        return answer
    return reader.policy("bucket policy", answer["Policy"], attached_to=arn)


def _settings(reader: Reader, bucket: str, arn: str) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for operation, action, absent, field in _SETTINGS:
        answer = reader.call("s3", operation, action=action, what=f"{field} of {arn}", none=(absent, _NO_BUCKET), **_owned(reader, bucket))
        if isinstance(answer, dict) and field in answer:
            out[field] = answer[field]
        if answer is None and field == "ServerSideEncryptionConfiguration":
            out[field] = _BASE_ENCRYPTION
    owned = out.pop("OwnershipControls", None)
    if owned:
        out["ObjectOwnership"] = owned["Rules"][0]["ObjectOwnership"]
    location = _location(reader, bucket)
    if isinstance(location, dict):
        out |= {"LocationConstraint": location.get("LocationConstraint") or "us-east-1", "BucketAccountId": reader.me.account}
    if out.get("ObjectOwnership") != "BucketOwnerEnforced":
        acl = reader.call(
            "s3",
            "get_bucket_acl",
            action="s3:GetBucketAcl",
            what=f"access control list of {arn}",
            none=(_NO_BUCKET,),
            **_owned(reader, bucket),
        )
        out |= {key: acl[key] for key in ("Owner", "Grants") if key in acl} if isinstance(acl, dict) else {}
    return out


_SETTINGS = (
    ("get_public_access_block", "s3:GetBucketPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration", "PublicAccessBlockConfiguration"),
    ("get_bucket_ownership_controls", "s3:GetBucketOwnershipControls", "OwnershipControlsNotFoundError", "OwnershipControls"),
    (
        "get_bucket_encryption",
        "s3:GetEncryptionConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
        "ServerSideEncryptionConfiguration",
    ),
    ("get_bucket_request_payment", "s3:GetBucketRequestPayment", "NotImplemented", "Payer"),
)


def account(reader: Reader, account_id: str) -> dict[str, Any]:
    """Read Block Public Access of the whole account."""
    answer = reader.call(
        "s3control",
        "get_public_access_block",
        action="s3:GetAccountPublicAccessBlock",
        what=f"Block Public Access of account {account_id}",
        none=("NoSuchPublicAccessBlockConfiguration",),
        AccountId=account_id,
    )
    if not isinstance(answer, dict):
        return {}
    return {"PublicAccessBlockConfiguration": answer["PublicAccessBlockConfiguration"]}


def _access_point(reader: Reader, arn: Arn) -> Resource:
    text = str(arn)
    place: dict[str, Any] = {"AccountId": arn.account, "Name": arn.name, "region": arn.region}
    what = f"resource policy of {text}"
    answer = reader.call(
        "s3control", "get_access_point_policy", action="s3:GetAccessPointPolicy", what=what, none=("NoSuchAccessPointPolicy",), **place
    )
    found = reader.call("s3control", "get_access_point", action="s3:GetAccessPoint", what=f"bucket behind {text}", **place)
    kept = ("Name", "Bucket", "BucketAccountId", "NetworkOrigin", "PublicAccessBlockConfiguration", "VpcConfiguration")
    settings = {key: found[key] for key in kept if key in found} if isinstance(found, dict) else {}
    return Resource(arn=text, policy=_policy(reader, answer, text), settings=settings, exists=True if settings else None)


def keys(resource: Resource) -> tuple[str, ...]:
    """Give the AWS managed key where the bucket encrypts with KMS and names no key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    rules = resource.settings.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
    defaults = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in rules]
    unnamed = any(one.get("SSEAlgorithm", "").startswith("aws:kms") and not one.get("KMSMasterKeyID") for one in defaults)
    return ("alias/aws/s3",) if unnamed else ()


def every(reader: Reader) -> Iterator[Arn]:
    """List the buckets of the reader's account and Region."""
    answer = reader.call("s3", "list_buckets", action="s3:ListAllMyBuckets", what="the account's buckets")
    for one in answer.get("Buckets", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(f"arn:{reader.partition}:s3:::{one['Name']}")
        if arn is not None:
            yield arn
