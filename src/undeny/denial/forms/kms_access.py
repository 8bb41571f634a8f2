"""Secrets Manager (and others) may not use the key behind a secret."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("access to kms is not allowed",)
SOURCE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html"
PATTERN = r"access to kms is not allowed"
EXAMPLES = {
    "AccessDeniedException: Access to KMS is not allowed status code: 400, request id: a87a66d9-f839-4353-b8c2-9984b1465695": {
        "error_code": "AccessDeniedException",
        "request_id": "a87a66d9-f839-4353-b8c2-9984b1465695",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
