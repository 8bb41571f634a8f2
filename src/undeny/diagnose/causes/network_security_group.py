"""A security group lets nothing through."""

from undeny.diagnose import along, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign

NEEDS = ("security group", "timeout", "timed out", "deadline", "without establishing")
INFO = CauseInfo(
    code="network-security-group",
    bucket="network",
    title="a security group lets nothing through",
    text="""The security group of the instance, task or function has no egress on 443 to AWS (for a gateway endpoint: to its prefix
list), or the one of the interface endpoint has no ingress on 443 from there.

Signs: connections that time out, never a 403; REJECT in the flow logs of that interface.

Mends it: egress 443, or ingress 443 on the endpoint's own group.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    example="CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref: i/o timeout",
    related=("network-nacl", "network-route", "network-unreachable"),
)
SIGNS = (
    Sign(
        says="a security group lets nothing through, the text says",
        words=("security group",),
        also=("timed out",),
        weight=weights.BEFORE_POLICY + 2,
    ),
    Sign(
        says="a security group may lack egress on 443, or the endpoint's own group ingress on 443",
        words=(
            "connect timeout",
            "timed out",
            "i/o timeout",
            "context deadline exceeded",
            "timeout downloading",
            "without establishing a connection",
        ),
        never=("accessdenied", "access denied"),
        weight=weights.BEFORE_POLICY - 4,
    ),
)


def look(case: Case) -> Cause | None:
    """By the wording, as one of several reasons for a timeout."""
    return along.guessed(case, INFO.code, SIGNS)
