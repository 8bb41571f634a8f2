"""The answer's body that the PHP SDK repeats, its tags stripped: sender, code, message and the request id."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = (" - sender ",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/guide_error-handling.html"
PATTERN = r" - sender \w+ [\s\S]{0,2000}? (?P<request_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
EXAMPLES = {
    "AccessDenied (client): Access Denied - Sender AccessDenied Access Denied 70570cbc-baab-4cc7-8053-f3f4dcc7bec8": {
        "error_code": "AccessDenied",
        "message": "Access Denied",
        "request_id": "70570cbc-baab-4cc7-8053-f3f4dcc7bec8",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
