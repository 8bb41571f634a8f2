"""Bedrock: a model that its provider has retired, in words that sound like a refusal."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("access denied. this model",)
SOURCE = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html"
PATTERN = r"""access denied\. this model [^\n\"<]{0,300}"""
EXAMPLES = {
    "An error occurred (ResourceNotFoundException) when calling the InvokeModel operation: Access denied. This Model is "
    "marked by provider as Legacy": {
        "error_code": "ResourceNotFoundException",
        "operation": "InvokeModel",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
