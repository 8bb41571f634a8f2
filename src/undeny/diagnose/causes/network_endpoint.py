"""The VPC endpoint is missing or not reached."""

from undeny.diagnose import along, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign

NEEDS = ("vpce", "timeout", "deadline")
INFO = CauseInfo(
    code="network-endpoint",
    bucket="network",
    title="the VPC endpoint is missing or cannot be reached",
    text="""In a subnet without a way out each service needs its endpoint, in that Availability Zone, with private DNS, and a security
group that lets 443 in. ECR needs three: ecr.api, ecr.dkr and the S3 gateway endpoint; secrets and logs need their own.

Signs: some services answer and others time out; a name of the form vpce-... in the error.

Mends it: the missing endpoint, private DNS on it, its security group.

Does not: the endpoint's policy: that one answers with a 403.""",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    example='Connect timeout on endpoint URL: "https://vpce-0a1b2c3d.secretsmanager.us-east-1.vpce.amazonaws.com/"',
    related=("endpoint-missing-allow", "network-dns", "network-route"),
)
SIGNS = (
    Sign(
        says="the VPC endpoint was not reached",
        words=("vpce-", ".vpce.amazonaws.com"),
        also=("tim",),
        never=("not authorized", "accessdenied", "access denied"),
        weight=weights.BEFORE_POLICY + 2,
    ),
    Sign(
        says="a VPC endpoint for this service may be missing, or its security group lets 443 not in",
        words=("connect timeout", "context deadline exceeded", "i/o timeout", "timeout downloading"),
        never=("accessdenied", "access denied"),
        weight=weights.BEFORE_POLICY - 5,
    ),
)


def look(case: Case) -> Cause | None:
    """By the wording."""
    return along.guessed(case, INFO.code, SIGNS)
