"""Bedrock: the account has no access to the model."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("access to the model",)
SOURCE = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html"
PATTERN = r"you don['\u2019\u201d]?t have access to the model(?: with the specified model id)?\.?"
EXAMPLES = {
    "An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access to the model "
    "with the specified model ID.": {
        "error_code": "AccessDeniedException",
        "operation": "InvokeModel",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
