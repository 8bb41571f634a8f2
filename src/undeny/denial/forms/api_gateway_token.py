"""API Gateway: the request was not signed, or the path or method does not exist."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("missing authentication token",)
SOURCE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html"
PATTERN = r"(?:request is )?missing authentication token"
EXAMPLES = {'{"message":"Missing Authentication Token"}': {"error_code": None, "message": "Missing Authentication Token"}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
