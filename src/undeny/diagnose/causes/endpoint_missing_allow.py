"""The VPC endpoint's policy does not allow the call."""

from undeny.diagnose import blocks, open_ends, said, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="endpoint-missing-allow",
    bucket="permission",
    title="the VPC endpoint policy does not allow it",
    text="""The request went through a VPC endpoint whose policy does not allow this action on this resource for this caller. A policy
with only Deny statements allows nothing.

An STS endpoint for the organisation only (aws:PrincipalOrgID) stops every login by web identity or SAML: these callers carry no
aws:Principal key before they are somebody.

Signs: "because no VPC endpoint policy allows the ... action"; VpceAccessDenied in network activity events; image pulls that fail on
prod-REGION-starport-layer-bucket; the same call works from outside the VPC. S3 hides this reason inside an organisation.

Mends it: an Allow in the endpoint's policy. For a gateway endpoint use Principal `*` with aws:PrincipalArn or aws:PrincipalAccount: an
account's ARN names its root user only there.

Does not: the role's policy or the bucket's; a security group, which never makes a 403.""",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    example="User: arn:aws:sts::111122223333:assumed-role/node/i-0abc is not authorized to perform: s3:GetObject on resource: "
    '"arn:aws:s3:::prod-us-west-2-starport-layer-bucket/path/layer" because no VPC endpoint policy allows the s3:GetObject action',
    related=("endpoint-explicit-deny", "network-endpoint", "identity-missing-allow"),
)
_IN_A_VPC = (
    "inside a vpc",
    "inside the vpc",
    "from the vpc",
    "from a vpc",
    "vpc endpoint",
    "interface endpoint",
    "gateway endpoint",
    "private subnet",
)
SIGNS = (
    Sign(
        says="the policy of the VPC endpoint on the way may not allow {what}",
        words=_IN_A_VPC,
        also=("denied",),
        never=("explicit deny", "identity-based", "no vpc endpoint policy"),
        weight=weights.WORDING + 2,
    ),
    Sign(
        says="the policy of the VPC endpoint on the way may not allow {what}",
        words=_IN_A_VPC,
        also=("403",),
        never=("explicit deny", "identity-based", "timeout", "timed out"),
        weight=weights.WORDING + 2,
    ),
    Sign(
        says="the policy of the VPC endpoint refused it (VpceAccessDenied)",
        errors=("vpceaccessdenied",),
        weight=weights.SAID,
        certainty="stated",
        source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html",
    ),
    Sign(
        says="a VPC endpoint policy refused it, the text says",
        words=("due to a vpc endpoint policy",),
        weight=weights.SAID,
        certainty="stated",
    ),
    Sign(
        says="the S3 endpoint's policy lacks ECR's layer bucket: image layers come from there",
        words=("starport-layer-bucket",),
        weight=weights.WORDING + 5,
        source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms",
    ),
    Sign(
        says="inside one organisation S3 hides that the endpoint's policy refused it",
        words=("access denied", "accessdenied", "forbidden"),
        services=("s3",),
        never=("not authorized to perform",),
        weight=weights.USUAL - 0.2,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict, by AWS's sentence, else by the wording."""
    found = (*blocks.lacking(case, "endpoint", INFO.code), *open_ends.unread(case, "endpoint", INFO.code))
    told = said.layer(case, "endpoint", "implicit", INFO.code) or read(case, INFO.code, SIGNS)
    return (*found, told) if told else found
