"""AWS SDK for PHP: the operation and address before, the answer's body behind."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("aws http error",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/guide_error-handling.html"
PATTERN = (
    r"error executing [\"\u201d](?P<operation>\w+)[\"\u201d] on [\"\u201d](?P<endpoint_url>[^\"\u201d\s]+)[\"\u201d]; aws "
    r"http error: (?:(?:client|server) error: `[^`]*`(?: resulted in a `(?P<http_status>\d{3})[^`]*` response(?::|\.)?)?)?"
    r"(?: ?(?:[^`]{0,600}?\(truncated\.\.\.\)))?"
)
EXAMPLES = {
    'Error executing "ListBuckets" on "https://s3.eu-west-1.amazonaws.com/"; AWS HTTP error: Client error: `GET '
    "https://s3.eu-west-1.amazonaws.com/` resulted in a `403 Forbidden` response: AccessDenied (client): Access Denied": {
        "operation": "ListBuckets",
        "endpoint_url": "https://s3.eu-west-1.amazonaws.com/",
        "http_status": 403,
        "error_code": "AccessDenied",
        "region": "eu-west-1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
