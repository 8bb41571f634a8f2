"""AWS SDK for Java v2, and CloudFormation's handlers, which use it."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = ("(service:",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/handling-exceptions.html"
PATTERN = (
    r"\(service: (?P<service>[^,;()\n]+), status code: (?P<http_status>\d{1,3})(?:, request id: "
    r"(?P<request_id>[^,;()\s]*))?(?:, extended request id: (?P<host_id>[^,;()\s]*))?[^()\n]{0,200}\)(?: \(sdk attempt "
    r"count: \d+\))?"
)
EXAMPLES = {
    "Access Denied (Service: S3, Status Code: 403, Request ID: 7F2KQ0XWJ8, Extended Request ID: abc=) (SDK Attempt Count: 1)": {
        "service": "S3",
        "http_status": 403,
        "request_id": "7F2KQ0XWJ8",
        "host_id": "abc=",
        "message": "Access Denied",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
