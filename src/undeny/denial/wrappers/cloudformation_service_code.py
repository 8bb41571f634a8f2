"""A CloudFormation handler that tells only the service's error code."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("service returned error code",)
SOURCE = "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html"
PATTERN = r"service returned error code (?P<error_code>[a-z][\w.]{2,100}) ?"
EXAMPLES = {
    'Resource handler returned message: "Service returned error code AccessDeniedException (Service: Lambda, Status Code: 403, '
    'Request ID: A1)" (RequestToken: 1b0e7a1c-0000-4000-8000-000000000000, HandlerErrorCode: GeneralServiceException)': {
        "error_code": "AccessDeniedException",
        "request_id": "A1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
