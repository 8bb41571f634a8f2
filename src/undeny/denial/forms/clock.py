"""The caller's clock is wrong."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("request time and the current time",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
PATTERN = r"the difference between the request time and the (?:current|server) time is too large\.?"
EXAMPLES = {
    "An error occurred (RequestTimeTooSkewed) when calling the ListObjects operation: The difference between the request "
    "time and the current time is too large.": {
        "error_code": "RequestTimeTooSkewed",
        "operation": "ListObjects",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
