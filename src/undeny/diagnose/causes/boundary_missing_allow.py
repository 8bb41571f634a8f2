"""The permissions boundary does not allow the call."""

from undeny.diagnose import blocks, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="boundary-missing-allow",
    bucket="permission",
    title="the permissions boundary does not allow it",
    text="""The caller's permissions boundary is the most that its identity policies can give. The action is not in it.

Signs: "because no permissions boundary allows the ... action", although the identity policy allows it.

Mends it: the action in the boundary's policy, by whoever owns the boundary; or another caller.

Does not: another identity policy. A grant by the resource's policy to the session itself would get past the boundary, which is why it
is no fix.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    example="User: arn:aws:iam::111122223333:user/dev is not authorized to perform: dynamodb:ListTables because no permissions boundary "
    "allows the dynamodb:ListTables action",
    related=("boundary-explicit-deny", "scp-missing-allow", "session-missing-allow"),
)
SIGNS = (
    Sign(
        says="a permissions boundary of {who} may not allow {what}: bare texts do not say so",
        words=("access denied", "accessdenied", "forbidden"),
        never=("not authorized to perform",),
        weight=weights.USUAL - 0.18,
    ),
    Sign(
        says="no permissions boundary allows {what}, the text says",
        words=("no permissions boundary allows",),
        weight=weights.SAID,
        certainty="stated",
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, else by AWS's sentence."""
    found = (*blocks.lacking(case, "boundary", INFO.code), *open_ends.unread(case, "boundary", INFO.code))
    told = said.layer(case, "boundary", "implicit", INFO.code) or read(case, INFO.code, SIGNS)
    return (*found, told) if told else found
