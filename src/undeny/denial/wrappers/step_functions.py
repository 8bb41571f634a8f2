"""A failed state of Step Functions: the error's name beside its cause."""

from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Found, Passage, matches

SIDE = "beside"
NEEDS = ('cause"', "cause\u201d")
SOURCE = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"
PATTERN = r"error[\"'\u201d] ?: ?[\"'\u201d](?P<error_code>[a-z]\w{1,40}(?:\.\w{3,80})?)(?=[\"'\u201d])"
EXAMPLES = {
    '{"error": "Lambda.TooManyRequestsException", "cause": "Rate Exceeded. (Service: Lambda, Status Code: 429, Request ID: A1)"}': {
        "error_code": "TooManyRequestsException",
        "request_id": "A1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each name that is an error code of AWS."""
    for found in matches(PATTERN, passage):
        code = code_of(found.facts["error_code"])
        if code:
            yield Found(found.start, found.end, {"error_code": code})
