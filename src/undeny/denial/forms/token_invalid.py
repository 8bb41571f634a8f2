"""Credentials that AWS does not know."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("security token included", "session token not found", "provided in the request is invalid", "in our records", "token is malformed")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = (
    r"the security token included in the request is (?:invalid|not valid)|session token not found or invalid|the aws access "
    r"key id (?:you provided|needs a subscription)[^\n\"<]{0,80}|the (?:provided )?token is malformed[^\n\"<]{0,60}"
)
EXAMPLES = {
    "UnrecognizedClientException (client): The security token included in the request is invalid.": {
        "error_code": "UnrecognizedClientException"
    },
    "An error occurred (InvalidAccessKeyId) when calling the ListBuckets operation: The AWS Access Key Id you provided "
    "does not exist in our records.": {
        "error_code": "InvalidAccessKeyId",
        "operation": "ListBuckets",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
