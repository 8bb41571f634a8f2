"""The object belongs to another account, or ACLs decide and do not let the caller in."""

from undeny.diagnose import acls, blocks, facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="object-ownership",
    bucket="permission",
    title="S3 object ownership or an ACL stands in the way",
    text="""Unless the bucket's Object Ownership is BucketOwnerEnforced, an object belongs to the account that uploaded it: the
bucket's owner and the bucket policy give no access to it, only its ACL does. With BucketOwnerEnforced ACLs are off, and a call that
sends one is refused.

Signs: the bucket's owner cannot read what another account put there; copies across accounts that carry ACLs;
AccessControlListNotSupported; a public object that was replaced without its ACL.

Mends it: Object Ownership BucketOwnerEnforced on the bucket; or uploading with the ACL bucket-owner-full-control; for objects that are
there already a copy in place by their owner. Where ACLs are off: leaving the ACL out of the call.

Does not: s3:GetObject in whatever policy of the bucket's account.""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
    example="An error occurred (AccessControlListNotSupported) when calling the PutObject operation: The bucket does not allow ACLs",
    related=("block-public-access", "resource-missing-allow", "identity-missing-allow"),
)
SIGNS = (
    Sign(
        says="the object may belong to the account that uploaded it: the bucket's owner then gives no access to it",
        words=("cross-account", "cross account", "another account", "other account", "uploaded by", "peer"),
        also=("denied", "object"),
        never=("not authorized to perform",),
        weight=weights.WORDING + 0.3,
    ),
    Sign(
        says="the bucket has ACLs switched off (Object Ownership), and the call sends one",
        errors=("accesscontrollistnotsupported",),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
    Sign(
        says="the bucket has ACLs switched off (Object Ownership), and the call sends one",
        words=("bucket does not allow acls",),
        weight=weights.SAID,
        certainty="stated",
    ),
    Sign(
        says="the object may belong to the account that uploaded it, or its ACL does not let {who} in",
        words=(
            "bucket-owner-full-control",
            "bucketownerenforced",
            "object ownership",
            "objectownership",
            "another account's object",
            "cross-account copy",
        ),
        weight=weights.WORDING + 3,
    ),
    Sign(
        says="an ACL is set by this call, which ACLs switched off or Block Public Access refuse",
        words=("putting s3 acl", "s3 bucket acl", "bucket acl", "object acl", "--acl "),
        also=("denied",),
        weight=weights.WORDING + 1,
    ),
    Sign(
        says="an ACL is set by this call, which needs s3:PutObjectAcl, and ACLs may be switched off on the bucket",
        words=("access denied", "accessdenied"),
        operations=("putobjectacl", "putbucketacl"),
        weight=weights.USUAL + 0.2,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the owner and the ACL of the object that were read, by an ACL in a call to a bucket without ACLs, else by the wording."""
    found = [cause for cause in (_foreign(case), _perhaps_foreign(case), _acl_sent(case), _acl_silent(case)) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _foreign(case: Case) -> Cause | None:
    """Compare the object's owner with the bucket's, where ACLs count."""
    request = facts.main(case)
    owner, holder = acls.owners(case)
    if request is None or not owner or not holder or owner == holder or acls.enforced(case):
        return None
    denied = facts.focus(case) == 0
    return Cause(
        code=INFO.code,
        certainty="proven" if denied and acls.decided(case) else "likely",
        summary=f"{_object(case)} belongs to the account that uploaded it, not to the bucket's, and its ACL does not let the caller in",
        layer="resource",
        because=(
            "because the object's owner is another account than the bucket's owner, and Object Ownership leaves it so",
            "and its ACL has no grant for the caller",
            "so the bucket's account cannot give access to it, whatever its policies say",
        ),
        request=0,
        weight=blocks.heavy(case, 0, "resource", 7.0) if denied else weights.FACT + 6.0,
    )


def _perhaps_foreign(case: Case) -> Cause | None:
    """Offer it where the object's owner was read and the bucket's was not, and ACLs count."""
    request = facts.main(case)
    owner, holder = acls.owners(case)
    open_yet = bool(case.verdicts) and case.verdicts[0].layers.get("resource") == "unknown"
    if request is None or not owner or holder or acls.enforced(case) or not open_yet:
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"{_object(case)} may belong to another account than the bucket: compare its owner {owner} with the bucket's",
        layer="resource",
        request=0,
        weight=weights.USUAL + 3.0,
    )


def _acl_sent(case: Case) -> Cause | None:
    """ACLs are off and the call sends one other than bucket-owner-full-control."""
    sent = acls.sent(case)
    if not sent or not acls.enforced(case) or sent == "bucket-owner-full-control":
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"the bucket has ACLs switched off (BucketOwnerEnforced), and this call sends the ACL `{sent}`",
        key="s3:x-amz-acl",
        got=(sent,),
        request=0,
        weight=weights.FACT + 4.0 if facts.focus(case) == 0 else weights.BLOCKED + 8.0,
    )


def _acl_silent(case: Case) -> Cause | None:
    """Nobody is anonymous to an object whose ACL was read: it has no grant for everyone."""
    request = facts.main(case)
    if request is None or facts.focus(case) != 0 or request.principal != "anonymous" or not acls.private(case) or acls.enforced(case):
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"{_object(case)} has no ACL grant for everyone, and no bucket policy lets anonymous callers read it",
        layer="resource",
        request=0,
        weight=blocks.heavy(case, 0, "resource", 1.0),
    )


def _object(case: Case) -> str:
    request = facts.main(case)
    return say.thing(request.resource) if request else "the object"
