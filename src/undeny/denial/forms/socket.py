"""A socket that was refused, reset, not found or silent: Node.js, Python and PHP say so alike."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("econn", "etimedout", "enotfound", "eai_again", "unreach", "socket", "connection", "curl error", "or service", "name resolution")
SOURCE = "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-maxsockets.html"
PATTERN = (
    r"(?<![\"'\u201d])(?:connect |read |getaddrinfo )?(?:econnrefused|econnreset|etimedout|enotfound|eai_again|ehostunreach"
    r"|enetunreach)\b[^\n,\"'<]{0,120}|socket timed out without establishing a connection[^\n\"<]{0,60}|curl error \d+: "
    r"[^\n\"<]{0,200}|(?<!tcp)(?<!\d: )(?:connection (?:refused|timed out|reset by peer)|name or service not known"
    r"|temporary failure in name resolution|socket hang up|failed to establish a new connection)[^\n\"'<]{0,80}"
)
EXAMPLES = {
    "TimeoutError: Socket timed out without establishing a connection within 1000 ms": {},
    "Error: getaddrinfo ENOTFOUND s3.us-east-1.amazonaws.com": {"region": "us-east-1"},
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
