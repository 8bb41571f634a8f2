"""botocore's and the CLI's debug log: the operation and the answer's status."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "beside"
NEEDS = ("operationmodel(name=", "http/1.")
SOURCE = "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-troubleshooting.html"
PATTERN = (
    r"operationmodel\(name=(?P<operation>\w+)\)|(?P<endpoint_url>https?://[^\s\"]+) \"[a-z]+ \S+ http/1\.\d\" (?P<http_status>[45]\d\d) "
)
EXAMPLES = {
    '2026-11-24 18:04:11,000 - MainThread - urllib3.connectionpool - DEBUG - https://sts.eu-west-1.amazonaws.com:443 "POST '
    '/ HTTP/1.1" 403 306\nAn error occurred (AccessDenied) when calling the AssumeRole operation: Access Denied': {
        "http_status": 403,
        "endpoint_url": "https://sts.eu-west-1.amazonaws.com:443",
        "operation": "AssumeRole",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
