"""The proxy could not be reached, or refused."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("proxy",)
SOURCE = "https://github.com/boto/botocore/blob/develop/botocore/exceptions.py"
PATTERN = (
    r"failed to connect to proxy url: \"?[^\"\s]+\"?|(?:cannot|unable to) connect to proxy[^\n<]{0,200}|proxyconnect tcp: "
    r"[^\n\"<]{0,200}|tunnel connection failed: [^\n\"<]{0,100}|407 proxy authentication required"
)
EXAMPLES = {'Failed to connect to proxy URL: "http://proxy.example.com:3128"': {"error_code": None}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
