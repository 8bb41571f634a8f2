"""There is no route to AWS."""

from undeny.diagnose import along, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign

NEEDS = ("route", "unreach", "timeout", "timed out", "deadline", "network is down", "network configuration")
INFO = CauseInfo(
    code="network-route",
    bucket="network",
    title="there is no route to AWS",
    text="""The subnet has no way out: no NAT gateway in a private subnet, no public address in a public one, no endpoint for the
service.

Signs: "network is unreachable", "no route to host"; a function or task in a VPC that times out on every AWS call.

Mends it: a route to a NAT gateway, a VPC endpoint for the service, or assignPublicIp.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
    example="dial tcp 52.94.2.1:443: connect: network is unreachable",
    related=("network-security-group", "network-endpoint", "network-unreachable"),
)
SIGNS = (
    Sign(
        says="there is no route from there to AWS",
        words=(
            "network is unreachable", "no route to host", "enetunreach", "ehostunreach", "host unreachable", "network unreachable",
            "network is down",
        ),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="the subnet may have no route to AWS: no NAT gateway, no endpoint, no public address",
        words=(
            "connect timeout", "connection timed out", "i/o timeout", "context deadline exceeded",
            "check your task network configuration", "connect timed out",
        ),
        never=("accessdenied", "access denied"),
        weight=weights.BEFORE_POLICY - 4.5,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return along.guessed(case, INFO.code, SIGNS)
