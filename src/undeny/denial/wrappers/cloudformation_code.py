"""The error code of a CloudFormation resource handler."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = ("handlererrorcode:",)
SOURCE = "https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html"
PATTERN = r"\(requesttoken: [\w-]*,? ?(?:handlererrorcode: (?P<error_code>\w+))?\)"
EXAMPLES = {
    'Resource handler returned message: "The role defined for the function cannot be assumed by Lambda. (Service: Lambda, '
    'Status Code: 400, Request ID: A)" (RequestToken: 1b0e7a1c-0000-4000-8000-000000000000, HandlerErrorCode: '
    "InvalidRequest)": {"error_code": "InvalidRequest"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
