"""The session policy denies the call."""

from undeny.diagnose import blocks, open_ends, said
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause

INFO = CauseInfo(
    code="session-explicit-deny",
    bucket="permission",
    title="the session policy denies it",
    text="""A Deny in the policy that the session was made with applies. Whoever made the session chose it, often an AWS service for
its own sessions.

Signs: "with an explicit deny in a session policy".

Mends it: another session, made with another policy; where a service makes it, another principal for this call.

Does not: any policy of the role or of the resource.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session",
    example="User: arn:aws:iam::111122223333:user/MaryMajor is not authorized to perform: s3:GetObject with an explicit deny in a session "
    "policy",
    related=("session-missing-allow",),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, else by AWS's sentence."""
    found = (*blocks.denying(case, "session", INFO.code), *open_ends.may_deny(case, "session", INFO.code))
    told = said.layer(case, "session", "explicit", INFO.code)
    return (*found, told) if told else found
