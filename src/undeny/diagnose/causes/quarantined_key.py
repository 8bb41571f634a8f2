"""AWS quarantined an exposed key."""

from undeny.diagnose import blocks, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="quarantined-key",
    bucket="credentials",
    title="AWS quarantined an exposed access key",
    text="""AWS found an access key of this user in public (a repository, a paste) and attached AWSCompromisedKeyQuarantine, V2 or V3,
which denies what thieves do.

Signs: sudden explicit denies for calls that worked; that policy on the user; a Health event AWS_RISK_CREDENTIALS_EXPOSED; a case by
AWS.

Mends it: a new key, the old one deactivated and deleted, a look at what was done with it, then the policy detached.

Does not: detaching the policy and using the key on; more Allow statements.""",
    source="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html",
    example="User: arn:aws:iam::111122223333:user/deploy is not authorized to perform: iam:CreateRole with an explicit deny in an "
    "identity-based policy: arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3",
    related=("identity-explicit-deny",),
)
POLICY = "awscompromisedkeyquarantine"
SIGNS = (
    Sign(
        says="AWS believes that a key of {who} is exposed and quarantined it: make a new key, then look at what was done with the old one",
        words=(POLICY, "aws_risk_credentials_exposed"),
        weight=weights.EXPLICIT + 1,
        certainty="stated",
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By a deny of that very policy, else by its name in the text."""
    found = tuple(_heavier(cause) for cause in blocks.denying(case, "identity", INFO.code) if POLICY in (cause.policy or "").lower())
    told = read(case, INFO.code, SIGNS) or (_told(case) if POLICY in (case.denial.policy_arn or "").lower() else None)
    return (*found, told) if told else found


def _heavier(cause: Cause) -> Cause:
    return Cause(
        code=cause.code,
        certainty=cause.certainty,
        summary=f"AWS believes that a key of this user is exposed: its policy {cause.policy} denies this call",
        layer=cause.layer,
        policy=cause.policy,
        statement=cause.statement,
        request=cause.request,
        weight=cause.weight + 2.0,
    )


def _told(case: Case) -> Cause:
    return Cause(
        code=INFO.code,
        certainty="stated",
        summary="AWS quarantined an exposed key",
        policy=case.denial.policy_arn,
        weight=weights.EXPLICIT + 1,
    )
