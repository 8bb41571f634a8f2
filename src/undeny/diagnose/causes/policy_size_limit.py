"""A policy document is too long."""

import msgspec

from undeny.diagnose import sent, sizes, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("polic", "aclsize", "packed", "userdata")
INFO = CauseInfo(
    code="policy-size-limit",
    bucket="quota",
    title="a policy document is too long",
    text="""Policies have a length that AWS counts without white space (service control policies with it): a managed policy 6,144
characters, all inline policies of a role 10,240, a trust policy 2,048 unless raised, a bucket policy 20 KB, a session policy 2,048 and
a packed size beside it.

Signs: "Cannot exceed quota for PolicySize: 6144", "... ACLSizePerRole: 2048", "Maximum policy size of 10240 bytes exceeded for role",
PackedPolicyTooLarge, PolicyLengthExceededException.

Mends it: merging statements that differ only in the action or resource; a second managed policy; a raised quota for trust policies.

Does not: `*` for shorter lists.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length",
    example="An error occurred (LimitExceeded) when calling the PutRolePolicy operation: Maximum policy size of 10240 bytes exceeded for "
    "role app",
    related=("quota-count", "malformed-policy"),
)
SIGNS = (
    Sign(
        says="the policy document is longer than it may be",
        words=(
            "quota for policysize", "aclsizeperrole", "maximum policy size", "policylengthexceeded", "packedpolicytoolarge",
            "packed size", "packed policy", "policysizelimit", "policy size limit", "policy is too large", "policy is too long",
            "policy length exceeded", "policysizequota", "policy document length", "policy exceeds the maximum", "policy size exceeded",
            "policy is larger than", "policydocument exceeds", "sessionpolicysize", "the final policy size",
        ),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="the policy document is longer than it may be",
        words=("length less than or equal to",),
        also=("policy",),
        weight=weights.BEFORE_POLICY + 3,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording; with the count, where the event or scenario has the document."""
    told = read(case, INFO.code, SIGNS)
    known = sizes.of_call(case) if told else None
    if told is None or known is None:
        return told
    what = sent.limit_name(case) or "policy document"
    summary = f"the policy in the call has {known.length:,} characters as AWS counts them, of {known.limit:,}: {what}"
    if known.length <= known.limit:
        summary = f"{summary}; others count with it"
    return msgspec.structs.replace(told, summary=summary, wanted=(str(known.limit),), got=(str(known.length),))
