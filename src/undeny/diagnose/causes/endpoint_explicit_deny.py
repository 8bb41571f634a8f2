"""The VPC endpoint's policy denies the call."""

from undeny.diagnose import blocks, open_ends, said
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause

INFO = CauseInfo(
    code="endpoint-explicit-deny",
    bucket="permission",
    title="the VPC endpoint policy denies it",
    text="""A Deny in the policy of the VPC endpoint that the request went through applies.

Signs: "with an explicit deny in a VPC endpoint policy". A typical slip compares aws:SourceVpce with the id of a VPC.

Mends it: the Deny's condition, by whoever owns the endpoint, and an Allow beside it.

Does not: the caller's or the resource's policies.""",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    example="User: arn:aws:iam::111122223333:user/John is not authorized to perform: codedeploy:ListDeployments with an explicit deny in a"
    " VPC endpoint policy",
    related=("endpoint-missing-allow",),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, else by AWS's sentence."""
    found = (*blocks.denying(case, "endpoint", INFO.code), *open_ends.may_deny(case, "endpoint", INFO.code))
    told = said.layer(case, "endpoint", "explicit", INFO.code)
    return (*found, told) if told else found
