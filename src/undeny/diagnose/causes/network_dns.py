"""The endpoint's name does not resolve."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("host", "resol", "dns", "enotfound", "eai_again", "name or service", "nodename", "getaddrinfo", "endpoint", "misbehaving")
INFO = CauseInfo(
    code="network-dns",
    bucket="network",
    title="the endpoint's name does not resolve",
    text="""The host name of the service was not found: a mistyped Region, a service that is not there, DNS that is off in the VPC,
private DNS of an endpoint that answers for a name that it should not, a resolver that does not answer.

Signs: "no such host", "getaddrinfo ENOTFOUND", "Name or service not known", UnknownHostException, "Could not connect to the endpoint
URL".

Mends it: the Region's name; enableDnsSupport and enableDnsHostnames of the VPC; the resolver.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html",
    example="dial tcp: lookup sts.eu-west-1.amazonaws.com on 10.0.0.2:53: no such host",
    related=("network-endpoint", "network-unreachable"),
)
SIGNS = (
    Sign(
        says="the endpoint's name does not resolve",
        errors=("enotfound", "nosuchendpointerror"),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="the endpoint's name does not resolve",
        words=(
            "no such host", "getaddrinfo", "eai_again", "name or service not known", "nodename nor servname", "could not resolve host",
            "temporary failure in name resolution", "nameresolutionerror", "unknownhost", "failed to resolve", "server misbehaving",
            "name resolution", "dns error", "dns resolution", "could not be resolved",
        ),
        never=("accessdenied", "access denied", "403 forbidden", "unexpected status code"),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="the endpoint's name may not resolve: a wrong Region, or private DNS",
        words=("could not connect to the endpoint", "endpointconnectionerror"),
        weight=weights.BEFORE_POLICY - 3,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
