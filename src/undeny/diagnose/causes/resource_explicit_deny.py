"""The policy of the resource denies the call."""

from undeny.diagnose import blocks, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="resource-explicit-deny",
    bucket="permission",
    title="the resource's policy denies it",
    text="""A Deny in the policy of the resource (bucket, key, queue, topic, trust policy, ...) applies to this call.

Signs: "with an explicit deny in a resource-based policy". Typical ones deny uploads without an encryption header, calls without TLS or
from outside an endpoint, or everyone but those named by NotPrincipal, which spares a role session only if the session, the role and the
account are all listed.

Mends it: making the call as the Deny wants it (send the header, use TLS, go through the endpoint), or an exception in the Deny by the
resource's owner. A bucket policy that shuts everyone out can still be deleted by the account's root user.

Does not: more Allow statements, in whatever policy.""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
    example='User: arn:aws:iam::111122223333:user/dev is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::logs-prod/x" '
    "with an explicit deny in a resource-based policy",
    related=("condition-mismatch", "identity-explicit-deny"),
)
SIGNS = (
    Sign(
        says="a resource policy may deny {what}: bare texts do not say so",
        words=("access denied", "accessdenied", "forbidden"),
        never=("not authorized to perform",),
        weight=weights.USUAL - 0.16,
    ),
    Sign(
        says="the bucket's policy may deny this upload: many ask for an encryption header, TLS or an endpoint",
        words=("access denied", "accessdenied", "forbidden"),
        operations=("putobject", "createmultipartupload", "uploadpart", "copyobject"),
        never=("not authorized to perform",),
        weight=weights.USUAL - 0.1,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, by AWS's sentence, else as one of the usual reasons for uploads."""
    found = (*blocks.denying(case, "resource", INFO.code), *open_ends.may_deny(case, "resource", INFO.code))
    told = said.layer(case, "resource", "explicit", INFO.code) or read(case, INFO.code, SIGNS)
    return (*found, told) if told else found
