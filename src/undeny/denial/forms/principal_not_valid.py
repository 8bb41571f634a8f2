"""A policy or grant that names a principal which does not exist, or not yet."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("does not refer to a valid principal",)
SOURCE = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html"
PATTERN = r"""(?<!kms message: )arn does not refer to a valid principal[^\n\"]{0,100}"""
EXAMPLES = {
    "An error occurred (InvalidArnException) when calling the CreateGrant operation: ARN does not refer to a valid "
    "principal: arn:aws:iam::111122223333:role/new": {
        "error_code": "InvalidArnException",
        "operation": "CreateGrant",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
