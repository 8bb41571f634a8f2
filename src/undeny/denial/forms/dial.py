"""A Go program could not reach the endpoint: name not found, refused, or no answer."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("dial tcp", "no such host", "i/o timeout", "tls handshake timeout", "client.timeout exceeded")
SOURCE = "https://pkg.go.dev/net#OpError"
PATTERN = (
    r"(?:request send failed|(?:request )?send request failed|requesterror),?:? (?:caused by: )?(?:get|post|put|head|delete) "
    r"\"?(?P<endpoint_url>https?://[^\s\"]+?)\"?: [^\n<]{0,300}"
    r"|(?<!failed, )(?<!failed: )(?<!caused by: )(?:get|post|put|head|delete) \"?(?P<endpoint_url2>https?://[^\s\"]+?)\"?: "
    r"(?=dial|net/http|context|eof|read tcp|write tcp|http2)[^\n<]{0,300}"
    r"|(?<!\": )(?<!: )dial (?:tcp|udp)[ :][^\n<]{0,200}"
)
EXAMPLES = {
    "operation error STS: GetCallerIdentity, https response error StatusCode: 0, RequestID: , request send failed, Post "
    '"https://sts.eu-west-1.amazonaws.com/": dial tcp: lookup sts.eu-west-1.amazonaws.com on 10.0.0.2:53: no such host': {
        "service": "STS",
        "operation": "GetCallerIdentity",
        "endpoint_url": "https://sts.eu-west-1.amazonaws.com/",
        "region": "eu-west-1",
        "http_status": None,
        "request_id": None,
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    for found in matches(PATTERN, passage):
        address = found.facts.pop("endpoint_url2", None)
        if address:
            found.facts["endpoint_url"] = address
        yield found
