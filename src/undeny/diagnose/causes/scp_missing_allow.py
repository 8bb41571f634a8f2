"""No service control policy of some level allows the call."""

from undeny.diagnose import blocks, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="scp-missing-allow",
    bucket="permission",
    title="no service control policy at some level allows it",
    text="""Every level from the organisation's root down to the account needs a service control policy that allows the call. One of
them has none that does: an allow list, or FullAWSAccess was detached.

Signs: "because no service control policy allows the ... action". Texts of 2022 and 2023 said "explicit deny" here too.

Mends it: an Allow for the action at that level, by whoever runs the organisation.

Does not: any policy in the account itself, its root user's included.""",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html",
    example="User: arn:aws:iam::111122223333:user/dev is not authorized to perform: codecommit:ListRepositories because no service control"
    " policy allows the codecommit:ListRepositories action",
    related=("scp-explicit-deny", "boundary-missing-allow"),
)
SIGNS = (
    Sign(
        says="older texts say explicit deny where the service control policies merely lack an allow for {what}",
        words=("explicit deny in a service control policy", "service control policy explicitly denies"),
        weight=weights.USUAL,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, else by AWS's sentence."""
    found = blocks.lacking(case, "scp", INFO.code)
    told = said.layer(case, "scp", "implicit", INFO.code) or read(case, INFO.code, SIGNS)
    return (*found, told) if told else found
