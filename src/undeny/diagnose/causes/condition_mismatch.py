"""An allow is there, and its condition did not hold."""

from undeny.diagnose import blocks, open_ends, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="condition-mismatch",
    bucket="permission",
    title="an allow is there, and its condition did not hold",
    text="""A statement allows the action on the resource for this caller, and only its condition failed: a key had another value, or
the call does not carry it at all. This holds for trust, key and PassRole policies as well. AWS's text reads as if there were no allow.

Signs: "no ... policy allows the ... action" although the action is in the policy. Typical: StringEquals with a wildcard; a token's
subject or audience; aws:ResourceTag on a thing that is only being created; aws:PrincipalOrgID for a service; aws:SourceArn spelled
otherwise; tags or headers that the call did not send; an encryption context that is the bucket's and not the object's.

GitHub's subjects carry the ids of owner and repository (repo:OWNER@ID/REPO@ID:...) for repositories made or renamed since July 2026,
and a job's environment changes the subject as well: trust the token, not the setting.

Mends it: sending what the condition asks for, or mending the condition where it can never hold.

Does not: adding the action once more without the condition: that takes the guard away.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    example="User: arn:aws:sts::111122223333:assumed-role/cicd/x is not authorized to perform: iam:PassRole on resource: "
    "arn:aws:iam::111122223333:role/task because no identity-based policy allows the iam:PassRole action",
    related=("identity-missing-allow", "trust-policy", "resource-missing-allow"),
)
SIGNS = (
    Sign(
        says="an allow may be there whose condition (on tags, say) this call did not meet",
        errors=("unauthorizedoperation",),
        never=("explicit deny",),
        weight=weights.USUAL + 1,
    ),
    Sign(
        says="an allow may be there whose condition on tags this call did not meet: a thing that is only being made has none",
        words=(" tags", "tagged", "resourcetag", "requesttag"),
        also=("denied",),
        never=("explicit deny", "tagsession"),
        weight=weights.USUAL + 2,
    ),
    Sign(
        says="the resource's policy may let the service in under a condition (source ARN or account) that its call does not meet",
        words=("destination configurations", "not invoked", "never invoked", "not delivered", "failedinvocations", "cannot publish"),
        weight=weights.USUAL + 3,
    ),
    Sign(
        says="an allow may be there whose condition this call did not meet",
        words=("no identity-based policy allows", "no resource-based policy allows", "not authorized to perform sts:assumerole"),
        weight=weights.USUAL + 1,
    ),
    Sign(
        says="the trust policy's condition on the token (subject or audience) may not match this token",
        words=("assumerolewithwebidentity",),
        also=("not authorized",),
        weight=weights.WORDING + 1,
        source="https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services",
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict: allows that failed by a condition; by the wording it is only a possibility."""
    told = read(case, INFO.code, SIGNS)
    found = (*blocks.condition(case, INFO.code), *open_ends.may_allow(case, INFO.code))
    return (*found, told) if told else found
