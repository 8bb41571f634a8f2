"""A network ACL drops the way there or back."""

from undeny.diagnose import along, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign

NEEDS = ("acl", "timeout", "timed out")
INFO = CauseInfo(
    code="network-nacl",
    bucket="network",
    title="a network ACL drops the packets",
    text="""Network ACLs keep no state: the way back (ports 1024 to 65535) has to be allowed as well as 443 on the way there.

Signs: connections or answers that time out for a whole subnet; REJECT in the flow logs.

Mends it: the ACL's rules for the way back.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    example='Read timeout on endpoint URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/f/invocations"',
    related=("network-security-group", "network-route"),
)
SIGNS = (
    Sign(
        says="a network ACL drops it, the text says",
        words=("network acl", "nacl"),
        weight=weights.BEFORE_POLICY,
    ),
    Sign(
        says="a network ACL may drop the answer on its way back (ports 1024 to 65535)",
        words=("read timeout", "connect timeout", "read timed out"),
        weight=weights.BEFORE_POLICY - 6,
    ),
)


def look(case: Case) -> Cause | None:
    """By the wording, as one of several reasons for a timeout."""
    return along.guessed(case, INFO.code, SIGNS)
