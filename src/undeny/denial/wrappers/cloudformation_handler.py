"""A CloudFormation resource handler's message."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("returned message:",)
SOURCE = "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html"
PATTERN = r"(?:resource )?handler returned message: (?P<quote>[\"'\u201d])"
EXAMPLES = {
    'Resource handler returned message: "Access Denied (Service: S3, Status Code: 403, Request ID: A)" (RequestToken: '
    "1b0e7a1c-0000-4000-8000-000000000000, HandlerErrorCode: AccessDenied)": {
        "error_code": "AccessDenied",
        "message": "Access Denied",
        "request_id": "A",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
