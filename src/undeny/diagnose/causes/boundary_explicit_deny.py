"""The permissions boundary denies the call."""

from undeny.diagnose import blocks, open_ends, said
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause

INFO = CauseInfo(
    code="boundary-explicit-deny",
    bucket="permission",
    title="the permissions boundary denies it",
    text="""A Deny statement in the caller's permissions boundary applies.

Signs: "with an explicit deny in a permissions boundary".

Mends it: an exception in the boundary by its owner, or making the call as the boundary wants it.

Does not: identity policies; grants by the resource's policy do not get past an explicit deny either.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    example="User: arn:aws:iam::111122223333:user/John is not authorized to perform: sagemaker:ListModels with an explicit deny in a "
    "permissions boundary",
    related=("boundary-missing-allow", "identity-explicit-deny"),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, else by AWS's sentence."""
    found = (*blocks.denying(case, "boundary", INFO.code), *open_ends.may_deny(case, "boundary", INFO.code))
    told = said.layer(case, "boundary", "explicit", INFO.code)
    return (*found, told) if told else found
