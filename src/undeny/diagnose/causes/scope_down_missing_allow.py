"""A scope-down policy does not allow the call."""

from undeny.diagnose import blocks
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause

INFO = CauseInfo(
    code="scope-down-missing-allow",
    bucket="permission",
    title="a scope-down policy does not allow it",
    text="""The credentials were narrowed with sts:GetScopedCredentials. Each of the up to three nested scope-down policies has to
allow the call, whatever the resource's policy says; one of them does not.

Signs: none in the text: the session's ARN does not change and no wording names this layer. It is known only from the policies
themselves.

Mends it: asking for credentials that are narrowed less.

Does not: any other policy.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html",
    example="User: arn:aws:sts::111122223333:assumed-role/agent/run is not authorized to perform: s3:PutObject",
    related=("session-missing-allow", "scope-down-explicit-deny"),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict: no text names this layer."""
    return blocks.lacking(case, "scope_down", INFO.code)
