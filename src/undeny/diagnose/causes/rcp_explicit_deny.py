"""A resource control policy denies the call."""

from undeny.diagnose import blocks, open_ends, said
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause

INFO = CauseInfo(
    code="rcp-explicit-deny",
    bucket="permission",
    title="a resource control policy denies it",
    text="""A resource control policy of the organisation that owns the resource denies the call, whoever makes it: principals from
outside, AWS services and web identities too, unless the policy spares them.

Signs: "with an explicit deny in a resource control policy". Typical is the identity perimeter on aws:PrincipalOrgID: federated callers
carry no such key, and with IfExists the Deny applies to them.

Mends it: calling from inside the organisation, or an exception in the policy (for federation: aws:PrincipalIsAWSService and the
assume-role actions with web identity and SAML), by whoever runs that organisation.

Does not: the bucket's, queue's or trust policy, however open.""",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
    example="User: arn:aws:iam::444455556666:user/x is not authorized to perform: sqs:SendMessage on resource: "
    "arn:aws:sqs:us-east-1:111122223333:q with an explicit deny in a resource control policy",
    related=("scp-explicit-deny", "resource-explicit-deny"),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, else by AWS's sentence. A missing allow is never the reason: RCPFullAWSAccess cannot be detached."""
    found = (
        *blocks.denying(case, "rcp", INFO.code),
        *open_ends.may_deny(case, "rcp", INFO.code),
        *open_ends.unread(case, "rcp", INFO.code),
    )
    told = said.layer(case, "rcp", "explicit", INFO.code) or said.layer(case, "rcp", "implicit", INFO.code)
    return (*found, told) if told else found
