"""Services with their own rule: KMS keys and grants, role trust, S3 ownership, ACLs and Block Public Access.

A part of `definition.py`, which says more; like it, it shares nothing with the engine.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from undeny.lab.definition_call import UNREAD, Call, Grants, Json, named_by
from undeny.lab.definition_language import Truth, all_of, any_of, listed, text

KMS_ACROSS_ACCOUNTS = {
    f"kms:{name}".lower()
    for name in (
        "Encrypt",
        "Decrypt",
        "ReEncryptFrom",
        "ReEncryptTo",
        "GenerateDataKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateDataKeyPairWithoutPlaintext",
        "Sign",
        "Verify",
        "GenerateMac",
        "VerifyMac",
        "DeriveSharedSecret",
        "CreateGrant",
        "DescribeKey",
        "GetKeyRotationStatus",
        "GetPublicKey",
        "ListGrants",
        "RetireGrant",
        "RevokeGrant",
    )
}
"""https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html"""


def gateway_endpoint(call: Call) -> Truth:
    """Whether the call came through a gateway endpoint: there an account in the policy names its root user only.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    if call.service not in ("s3", "dynamodb", "s3express"):
        return False
    named = call.keys.get("aws:sourcevpce") or ()
    kinds = {call.setting(arn, "VpcEndpointType") for arn in call.things if not named or arn.rsplit("/", 1)[-1] in named} - {None}
    return None if len(kinds) != 1 else kinds == {"Gateway"}


def is_trust(call: Call) -> bool:
    """Whether a role's trust policy is asked."""
    return call.service == "sts" and ":role/" in call.resource


def is_key(call: Call) -> bool:
    """Whether a key policy is asked."""
    return call.service == "kms" and ":key/" in call.resource


def needs_no_permission(call: Call) -> bool:
    """Whether everyone may do this, whatever their own policies say, a deny included.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
    """
    return call.does("sts:GetCallerIdentity", "sts:GetSessionToken")


def never(call: Call) -> bool:
    """Whether no policy can allow it."""
    across = call.caller.account is not None and not call.same_account
    kms = is_key(call) and (call.action.lower() not in KMS_ACROSS_ACCOUNTS or call.setting(call.resource, "KeyManager") == "AWS")
    return (across and (kms or call.does("iam:PassRole"))) or (
        call.caller.kind == "root" and is_trust(call) and call.action.lower().startswith("sts:assumerole")
    )


def foreign_object(call: Call) -> Truth:
    """Whether another account owns the object: then nothing that the bucket's owner grants covers it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    """
    bucket = call.resource.split("/")[0]
    owner, of_bucket = ((call.setting(arn, "Owner") or {}).get("ID") for arn in (call.resource, bucket))
    of_bucket = of_bucket or call.account_setting(call.account, "CanonicalUserId")
    reads = call.service == "s3" and not call.does("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion")
    if not reads or owner is None or call.resource == bucket or call.setting(bucket, "ObjectOwnership") == "BucketOwnerEnforced":
        return False
    if owner in (of_bucket, call.account):
        return False
    return True if of_bucket or re.fullmatch(r"\d{12}", owner) else None


FIXED_KEYS = {
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:userid",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""


def public(policy: Any) -> Truth:
    """Whether a bucket policy is public: it lets in everyone without asking for a fixed value of a key that tells callers apart."""
    if not isinstance(policy, Mapping):
        return None if policy == UNREAD else False
    return any(
        s["Effect"] == "Allow"
        and "*" in str(s.get("Principal"))
        and not any(
            key.lower() in FIXED_KEYS
            and "Not" not in name
            and not re.search("IfExists|ForAll|Null|Bool", name)
            and not any(re.search(r"[*?]|\$\{|/[0-7]$", text(value)) for value in listed(values))
            for name, block in s.get("Condition", {}).items()
            for key, values in block.items()
        )
        for s in listed(policy.get("Statement", []))
    )


OBJECT_ACL = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}
BUCKET_ACL = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": ("s3:PutObject",),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"""


def acls(call: Call) -> list[tuple[str, Mapping[str, tuple[str, ...]]]]:
    """Which things' ACLs speak on a call, and what their permissions stand for: the bucket's, and the object's."""
    bucket = call.resource.split("/")[0]
    return [(bucket, BUCKET_ACL)] + ([(call.resource, OBJECT_ACL)] if call.resource != bucket else [])


def has_acl(call: Call) -> bool:
    """Whether an ACL was read: then the resource's side exists, though the ACL gives nothing."""
    return call.service == "s3" and any(call.setting(arn, "Grants") for arn, _ in acls(call))


def acl_grants(call: Call, *, ignore_public: bool) -> Grants:
    """Read what the ACLs of the object and its bucket grant, where ACLs count at all."""
    bucket = call.resource.split("/")[0]
    ownership, owner = call.setting(bucket, "ObjectOwnership"), (call.setting(bucket, "Owner") or {}).get("ID")
    found: Grants = {"everyone": False, "account": False}
    if call.service != "s3" or ownership == "BucketOwnerEnforced":
        return found
    for grantee in [
        g["Grantee"] for arn, acl in acls(call) for g in call.setting(arn, "Grants") or () if covers(acl, g.get("Permission", ""), call)
    ]:
        counts = None if ownership is None else True
        group = str(grantee.get("URI")).rsplit("/", 1)[-1]
        if group in ("AllUsers", "AuthenticatedUsers") and not ignore_public:
            known = True if group == "AllUsers" else call.caller.account is not None
            found["everyone"] = any_of([found["everyone"], all_of([known, counts])])
        if "ID" in grantee and call.caller.account:
            is_owner = grantee["ID"] == owner if owner else None
            mine = None if call.account is None else is_owner if call.same_account else False if is_owner else None
            found["account"] = any_of([found["account"], all_of([mine, counts])])
    return found


def covers(acl: Mapping[str, tuple[str, ...]], permission: str, call: Call) -> bool:
    """Whether a permission of an ACL covers the action."""
    return call.does(*(name for given, names in acl.items() for name in names if permission in (given, "FULL_CONTROL")))


def kms_grant(call: Call) -> Truth:
    """Whether a grant on the key lets the caller do this.

    https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
    """

    def fits_grant(grant: Json) -> Truth:
        prefix, limits = "kms:encryptioncontext:", grant.get("Constraints") or {}
        wanted = limits.get("EncryptionContextEquals", limits.get("EncryptionContextSubset", {}))
        pairs = [
            None if call.keys.get(prefix + k.lower(), ()) is None else call.keys.get(prefix + k.lower()) == (v,) for k, v in wanted.items()
        ]
        own = {prefix + k.lower() for k in wanted}
        extra = [value is not None for key, value in call.keys.items() if key.startswith(prefix) and key not in own and value != ()]
        untold = call.keys.get(prefix, ()) is None  # which keys the encryption context has is not known
        exact = "EncryptionContextEquals" not in limits or (False if True in extra else None if extra or untold else True)
        operations = [f"kms:{name}" for name in grant.get("Operations", ())]
        grantee = [named_by("Service" if call.caller.kind == "service" else "AWS", grant.get("GranteePrincipal", ""), call)]
        return all_of([call.does(*operations), exact, *pairs, any_of(truth for way, truth in grantee if way != "account")])

    return any_of(fits_grant(grant) for grant in call.setting(call.resource, "Grants") or ()) if is_key(call) else False


def beneath_access_point(call: Call) -> tuple[Call, Any]:
    """Give the call as the bucket behind an access point sees it, and the bucket's policy.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    """
    start, _, rest = call.resource.partition(":accesspoint/")
    name, _, key = rest.partition("/")
    behind = call.setting(f"{start}:accesspoint/{name}", "Bucket")
    read = [arn for arn in call.things if re.fullmatch(r"arn:[\w-]+:s3:::[^/]+", arn)]  # nobody said: the only bucket there is
    bucket = read[0] if behind is None and len(read) == 1 else f"arn:{call.resource.split(':')[1]}:s3:::{behind}"
    return replace(call, resource=bucket + key.removeprefix("object")), call.things.get(bucket, {}).get("policy", UNREAD)


def block_public_access(call: Call) -> dict[str, bool]:
    """Give the settings of Block Public Access that hold: the bucket's or the account's, the stricter of the two."""
    name = "PublicAccessBlockConfiguration"
    given = [call.setting(call.resource.split("/")[0], name), call.account_setting(call.account, name)] if call.service == "s3" else []
    switches = ("RestrictPublicBuckets", "IgnorePublicAcls")
    return {switch: any((settings or {}).get(switch, False) for settings in given) for switch in switches}


def owner_root_may(call: Call) -> bool:
    """Whether the bucket owner's root user mends a bucket policy: then the policy's own denies do not hold.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
    """
    mends = call.does("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
    return mends and call.caller.kind == "root" and call.same_account
