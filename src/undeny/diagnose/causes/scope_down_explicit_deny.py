"""A scope-down policy denies the call."""

from undeny.diagnose import blocks, open_ends
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause

INFO = CauseInfo(
    code="scope-down-explicit-deny",
    bucket="permission",
    title="a scope-down policy denies it",
    text="""The credentials were narrowed with sts:GetScopedCredentials, and one of the scope-down policies has a Deny that applies.

Signs: none in the text: the session's ARN does not change and no wording names this layer.

Mends it: asking for credentials that are narrowed in another way.

Does not: any other policy.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html",
    example="User: arn:aws:sts::111122223333:assumed-role/agent/run is not authorized to perform: s3:DeleteObject",
    related=("session-explicit-deny", "scope-down-missing-allow"),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict: no text names this layer."""
    return (*blocks.denying(case, "scope_down", INFO.code), *open_ends.may_deny(case, "scope_down", INFO.code))
