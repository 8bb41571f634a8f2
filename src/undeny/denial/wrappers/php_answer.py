"""The answer's body that the PHP SDK prints behind the message, as it came: XML or JSON."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = (" - <?xml", " - {")
SOURCE = "https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/guide_error-handling.html"
PATTERN = r" - (?=<\?xml|\{)"
EXAMPLES = {
    'AccessDenied (client): Access Denied - <?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message>'
    "<RequestId>7F2KQ0XWJ8</RequestId></Error>": {"error_code": "AccessDenied", "message": "Access Denied", "request_id": "7F2KQ0XWJ8"},
}


def find(passage: Passage) -> Iterator[Found]:
    """Find where each body begins."""
    return matches(PATTERN, passage)
