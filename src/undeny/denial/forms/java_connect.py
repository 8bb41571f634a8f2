"""The Java SDK could not reach the endpoint."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("unable to execute http request",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/troubleshooting.html"
PATTERN = r"unable to execute http request: [^\n<]{0,300}"
EXAMPLES = {
    "com.amazonaws.SdkClientException: Unable to execute HTTP request: Connect to dynamodb.us-east-1.amazonaws.com:443 "
    "[dynamodb.us-east-1.amazonaws.com/52.94.2.1] failed: connect timed out": {"region": "us-east-1"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
