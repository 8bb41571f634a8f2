"""A service control policy denies the call."""

from undeny.diagnose import blocks, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="scp-explicit-deny",
    bucket="permission",
    title="a service control policy denies it",
    text="""A Deny in a service control policy on the organisation's root, an OU or the account applies. It binds every principal of a
member account, the root user too; the management account, service-linked roles and principals from outside are exempt.

Signs: "with an explicit deny in a service control policy", since 2026 with the policy's ARN. The commonest is the Region lock
(aws:RequestedRegion), then perimeters (aws:ResourceOrgID, aws:SourceIp), guardrails over baseline roles and buckets, and a stop for
agents (aws:ViaAWSMCPService).

Mends it: calling where or how the SCP permits (another Region, a regional model profile, the exempt role), or an exception by whoever
runs the organisation.

Does not: any Allow in the account. The policy simulator can miss SCP conditions.""",
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html",
    example="User: arn:aws:sts::111122223333:assumed-role/Ops/x is not authorized to perform: rds:DescribeDBInstances on resource: "
    "arn:aws:rds:ap-south-1:111122223333:db:* with an explicit deny in a service control policy",
    related=("scp-missing-allow", "rcp-explicit-deny", "identity-explicit-deny"),
)
SIGNS = (
    Sign(
        says="a service control policy may deny {what}",
        words=("control tower", "guardrail", "landing zone", "an scp", "organization policy", "region restriction", "the scp"),
        never=("no service control",),
        weight=weights.WORDING + 1,
    ),
    Sign(
        says="a service control policy may deny {what}: the text does not say",
        errors=("unauthorizedoperation",),
        never=("explicit deny",),
        weight=weights.USUAL - 0.2,
    ),
    Sign(
        says="a service control policy denies {who} {what}, the text says",
        words=(
            "explicit deny in a service control", "explicit deny in the service control", "service control policy explicitly denies",
            "denied by a service control policy", "denied by service control policy", "blocked by an scp", "denied by an scp",
        ),
        weight=weights.SAID,
        certainty="stated",
    ),
    Sign(
        says="AWS speaks of an explicit deny and not of whose: a service control policy may deny {what}",
        words=("explicit deny", "explicitly denied", "explicitdeny"),
        never=("identity-based", "resource control", "permissions boundary", "session policy", "endpoint policy", "resource-based"),
        weight=weights.WORDING - 1.1,
    ),
    Sign(
        says="a service control policy may deny {what}: bare texts do not say so",
        words=("access denied", "accessdenied", "forbidden"),
        never=("not authorized to perform",),
        weight=weights.USUAL - 0.1,
    ),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, by AWS's sentence, else by the wording."""
    found = (
        *blocks.denying(case, "scp", INFO.code),
        *open_ends.may_deny(case, "scp", INFO.code),
        *open_ends.unread(case, "scp", INFO.code),
    )
    told = said.layer(case, "scp", "explicit", INFO.code) or read(case, INFO.code, SIGNS)
    return (*found, told) if told else found
