"""iam:PassRole is missing, or does not match."""

from undeny.diagnose import blocks, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="pass-role",
    bucket="permission",
    title="iam:PassRole is missing or does not match",
    text="""Whoever gives a role to a service (a function's, a task's, an instance profile's) has to be allowed iam:PassRole on that
role. It is checked on the caller, has no API call of its own and never works across accounts.

Signs: "is not authorized to perform: iam:PassRole on resource: arn:aws:iam::...:role/...".

Mends it: iam:PassRole on that role's ARN with iam:PassedToService for the service; or passing a role that the statement covers.

Does not: iam:PassRole on `*`, or without iam:PassedToService, which lets the caller take any role of the account; the trust policy,
unless the service then cannot assume the role.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    example="User: arn:aws:iam::111122223333:user/dev is not authorized to perform: iam:PassRole on resource: "
    "arn:aws:iam::111122223333:role/lambda because no identity-based policy allows the iam:PassRole action",
    related=("condition-mismatch", "wrong-resource-arn", "identity-missing-allow", "trust-policy"),
)
SIGNS = (
    Sign(
        says="{who} may not pass {on}: iam:PassRole is missing or covers another role or service",
        words=("perform: iam:passrole", "perform iam:passrole", "iam:passrole on resource"),
        never=("explicit deny", "no permissions boundary", "no session policy", "service control policy"),
        weight=weights.SAID + 3,
        certainty="stated",
    ),
    Sign(
        says="a role could not be passed: iam:PassRole may be missing or cover another role or service",
        words=("iam:passrole", "passrole", "pass role", "pass the role"),
        never=("explicit deny", "cross-account pass role"),
        weight=weights.WORDING + 4,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict on a PassRole request, else by the wording."""
    found = tuple(cause for cause in blocks.lacking(case, "identity", INFO.code, 5.0) if _passes(case, cause))
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else found


def _passes(case: Case, cause: Cause) -> bool:
    return case.requests[cause.request or 0].action.lower() == "iam:passrole"
