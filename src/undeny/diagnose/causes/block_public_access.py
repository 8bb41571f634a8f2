"""S3 Block Public Access refuses a public policy or ACL, or switches it off."""

from undeny.decide.model import StatementResult, Verdict
from undeny.diagnose import acls, blocks, facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.evidence.model import Policy

INFO = CauseInfo(
    code="block-public-access",
    bucket="permission",
    title="S3 Block Public Access stands in the way",
    text="""Block Public Access, on for every bucket made since April 2023, refuses public bucket policies (BlockPublicPolicy) and
public ACLs (BlockPublicAcls), and ignores those that are there (IgnorePublicAcls, RestrictPublicBuckets). It counts on the bucket, the
account and the access point; the strictest wins.

Signs: AccessDenied on PutBucketPolicy or on an upload with the ACL public-read by somebody with all permissions; "public policies are
prevented by the BlockPublicPolicy setting"; a public object that answers 403.

Mends it: not making it public: leave the ACL out, serve through CloudFront with origin access control. Where public is meant: the one
setting of the four on that bucket, by its owner.

Does not: more S3 permissions.""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    example="api error AccessDenied: User: arn:aws:iam::111122223333:user/dev is not authorized to perform: s3:PutBucketPolicy on "
    'resource: "arn:aws:s3:::site" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public '
    "Access.",
    related=("object-ownership", "resource-missing-allow"),
)
SIGNS = (
    Sign(
        says="S3 Block Public Access, on by default, refuses public ACLs and policies: tools that publish a site often send one",
        words=(
            "s3deploy", "awspublish", "public-read", "static website", "static s3 website", "deploy to s3", "deploys3", "publish to s3",
        ),
        never=("explicit deny",),
        weight=weights.WORDING + 0.45,
    ),
    Sign(
        says="S3 Block Public Access refuses it, the text says",
        words=(
            "prevented by the blockpublic", "public policies are prevented", "public policies are blocked", "public acls are blocked",
            "public acls are prevented", "blocked by the block public access", "block public access settings prevent",
        ),
        weight=weights.SAID + 4,
        certainty="stated",
    ),
    Sign(
        says="S3 Block Public Access may refuse it: the text speaks of it",
        words=("blockpublicpolicy", "blockpublicacls", "block public access", "restrictpublicbuckets"),
        never=("publicaccessblock", "is not authorized to perform"),
        weight=weights.SAID + 3,
    ),
    Sign(
        says="S3 Block Public Access may refuse this ACL or bucket policy",
        words=(
            "putting s3 acl", "s3 bucket acl", "bucket acl", "object acl", "public-read", "putting s3 bucket policy", "s3 bucket policy",
            "--acl ",
        ),
        also=("denied",),
        never=("is not authorized to perform",),
        weight=weights.WORDING + 0.8,
    ),
    Sign(
        says="S3 Block Public Access, on by default, refuses a bucket policy or ACL that makes {on} public",
        words=("access denied", "accessdenied"),
        operations=("putbucketpolicy", "putbucketacl", "putobjectacl"),
        never=("is not authorized to perform",),
        weight=weights.WORDING,
    ),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the settings that were read and what the call would make public, else by the wording."""
    found = [cause for cause in (_policy(case), _acl(case), _by_verdict(case)) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _policy(case: Case) -> Cause | None:
    request = facts.main(case)
    if request is None or request.action.lower() != "s3:putbucketpolicy" or not acls.blocks(case, "BlockPublicPolicy"):
        return None
    public = acls.public_policy(case)
    if public is False:
        return None
    known = "and this policy is public" if public else "and a public policy is the usual reason for a denial here"
    return _fact(
        f"Block Public Access of {_bucket(case)} refuses public bucket policies (BlockPublicPolicy), {known}", 6.0 if public else 4.0
    )


def _acl(case: Case) -> Cause | None:
    sent = acls.sent(case)
    if not sent or not sent.startswith(("public-", "authenticated-read")) or not acls.blocks(case, "BlockPublicAcls"):
        return None
    return _fact(
        f"Block Public Access of {_bucket(case)} refuses public ACLs (BlockPublicAcls), and this call sends the ACL `{sent}`", 6.0, sent
    )


def _refused(verdict: Verdict) -> str | None:
    """Give the verdict's word that Block Public Access itself refuses this call; that it is on says nothing."""
    return next((note for note in verdict.notes if note.startswith("Block Public Access refuses")), None)


def _switched_off(case: Case, index: int, verdict: Verdict) -> str | None:
    """Give the public statement or ACL that would let this very call in and does not count."""
    for statement in verdict.statements:
        off = statement.layer == "resource" and statement.effect == "Allow" and statement.why.startswith("Block Public Access")
        if off and {"principal", "action", "resource"} <= set(statement.matched) and _conditions_hold(case, index, statement):
            return f"Block Public Access switches {say.labelled(statement)} off, which is public and would let the call in"
    ignored = any("IgnorePublicAcls" in note for note in verdict.notes)
    if index == 0 and ignored and case.requests[0].action.lower() in ("s3:getobject", "s3:getobjectversion") and acls.public(case):
        return "Block Public Access switches the object's public ACL off, which would let the call in"
    return None


def _conditions_hold(case: Case, index: int, statement: StatementResult) -> bool:
    """Tell whether nothing in a switched-off statement speaks against the call: it has no condition, or all of them held."""
    policy = case.evidence.policies.resource
    if "condition" in statement.matched or index != 0 or not isinstance(policy, Policy):
        return "condition" in statement.matched
    held = next((one for one in policy.document.statements if one.index == statement.index), None)
    return held is not None and not held.condition


def _by_verdict(case: Case) -> Cause | None:
    for index, request, verdict in facts.denied(case):
        note = _refused(verdict) or _switched_off(case, index, verdict)
        if note:
            return Cause(
                code=INFO.code,
                certainty=blocks.certainty(case, request),
                summary=f"{note}, on {_bucket(case)}{_sent(case)}",
                layer="resource",
                request=index,
                weight=blocks.heavy(case, index, "resource", 7.0),
            )
    return None


def _sent(case: Case) -> str:
    acl = acls.sent(case)
    return f", and this call sends the ACL `{acl}`" if acl else ""


def _fact(summary: str, more: float, sent: str | None = None) -> Cause:
    return Cause(
        code=INFO.code, certainty="likely", summary=summary, key="s3:x-amz-acl" if sent else None, got=(sent,) if sent else None, request=0,
        weight=weights.FACT + more,
    )  # fmt: skip


def _bucket(case: Case) -> str:
    request = facts.main(case)
    arn = facts.bucket_arn(request.resource) if request else None
    return say.thing(arn) if arn else "the bucket"
