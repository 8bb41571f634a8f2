"""The session policy does not allow the call."""

from undeny.diagnose import blocks, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="session-missing-allow",
    bucket="permission",
    title="the session policy does not allow it",
    text="""The session was made with a session policy, which limits what the role or user has. The action is not in it. Some services
pass one of their own: vended credentials, Cognito's enhanced flow for unauthenticated identities, Amplify's compute role. A
GetFederationToken session without a policy may do nothing.

Signs: "because no session policy allows the ... action".

Mends it: a wider session policy when the session is made (AssumeRole, GetFederationToken), or a session without one. It is fixed for
the life of the session.

Does not: the role's or user's own policies; they allow it already.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session",
    example="User: arn:aws:sts::111122223333:assumed-role/mount/test is not authorized to perform: kms:GenerateDataKey because no session "
    "policy allows the kms:GenerateDataKey action",
    related=("session-explicit-deny", "boundary-missing-allow", "scope-down-missing-allow"),
)
SIGNS = (
    Sign(
        says="the session policy that the credentials were made with may not allow {what}",
        words=("vended credentials", "vended", "federation token", "getfederationtoken", "session policy", "scoped credentials"),
        never=("explicit deny in a session", "no session policy"),
        weight=weights.WORDING + 1,
    ),
    Sign(
        says="no session policy allows {what}, the text says", words=("no session policy allows",), weight=weights.SAID, certainty="stated"
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, else by AWS's sentence."""
    found = (*blocks.lacking(case, "session", INFO.code), *open_ends.unread(case, "session", INFO.code))
    told = said.layer(case, "session", "implicit", INFO.code) or (None if found else read(case, INFO.code, SIGNS))
    return (*found, told) if told else found
