"""No answer came, and it is not known why."""

from collections.abc import Iterator

from undeny.diagnose import along, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="network-unreachable",
    bucket="network",
    title="no answer came from AWS",
    text="""The request got no answer: no HTTP status, no request id. So nobody looked at a policy. A security group, a network ACL, a
route, an endpoint, DNS or a proxy can be the reason.

Signs: "Connect timeout on endpoint URL", "Could not connect to the endpoint URL", "request send failed", "context deadline exceeded", a
task that cannot pull its image or secret for a timeout.

Mends it: from that very subnet: does the name resolve, does TCP 443 open; then flow logs with REJECT.

Does not: any policy. A denial always has a status.""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
    example='botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sts.us-east-1.amazonaws.com/"',
    related=("network-security-group", "network-route", "network-endpoint", "network-dns", "network-proxy", "network-nacl"),
)
SIGNS = (
    Sign(
        says="no answer came: the connection to AWS was never made, so no policy was asked",
        words=(
            "connect timeout", "connecttimeout", "connection timed out", "connect timed out", "without establishing a connection",
            "i/o timeout", "connection attempt failed", "could not connect to the endpoint", "endpointconnectionerror",
            "failed to connect to", "connection refused", "econnrefused", "etimedout", "tls handshake timeout", "unable to connect to",
            "could not connect to", "timeout trying to reach", "networkingerror", "timed out connecting", "connect: operation timed out",
            "connection was refused", "failed to establish a new connection", "max retries exceeded with url",
        ),
        weight=weights.BEFORE_POLICY + 1,
    ),
    Sign(
        says="the client's own pool of connections is used up: the request never left (more connections, or bodies that are never closed)",
        words=("timeout waiting for connection from pool", "acquire operation took longer", "cannot get a connection from the pool"),
        weight=weights.BEFORE_POLICY + 2,
        source="https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/http-configuration.html",
    ),
    Sign(
        says="the connection was closed before an answer came: nobody looked at a policy",
        words=('": eof', "': eof", "http2: server sent goaway", "tls: use of closed connection", "connection was closed by"),
        also=("https://",),
        never=("accessdenied", "access denied", "status code: 4", "statuscode: 4"),
        weight=weights.BEFORE_POLICY,
    ),
    Sign(
        says="no answer came in time: the way to AWS is cut, or the call is slow",
        words=(
            "request send failed", "requesterror: send request failed", "context deadline exceeded", "client.timeout exceeded",
            "check your task network configuration", "timeout downloading", "unable to execute http request", "econnreset",
            "connection reset by peer", "socket hang up", "connection was closed before", "connection aborted", "remotedisconnected",
            "network connection lost", "i/o error", "broken pipe", "incompleteread", "premature eof", "unexpected eof",
            "inaccessible host", "unknownendpoint", "net/http: request canceled", "request canceled while waiting",
        ),
        never=("accessdenied", "access denied", "status code: 4", "statuscode: 4"),
        weight=weights.BEFORE_POLICY,
    ),
    Sign(
        says="no answer came in time",
        words=("read timeout", "readtimeout", "read timed out", "socket timed out", "timed out", "timeouterror", "timeout"),
        never=(
            "accessdenied", "access denied", "not authorized", "gateway timeout", "requesttimeout", "modeltimeout", "dependencytimeout",
            "task timed out",
        ),
        weight=weights.BEFORE_POLICY - 1,
    ),
)  # fmt: skip


def look(case: Case) -> Iterator[Cause]:
    """By the path, where it was walked: it names the block, whichever; else by the wording."""
    yield from filter(None, (along.proven(case), along.open_(case), read(case, INFO.code, SIGNS)))
