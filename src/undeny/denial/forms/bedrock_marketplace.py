"""Bedrock: the caller may not subscribe to the model in AWS Marketplace."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("model access is denied",)
SOURCE = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html"
PATTERN = r"""model access is denied due to (?:[^\n\"<(]{0,200}\((?P<action>aws-marketplace:\w+))?[^\n\"<]{0,500}"""
EXAMPLES = {
    "AccessDeniedException: Model access is denied due to IAM user or service role is not authorized to perform the "
    "required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to "
    "this model.": {"error_code": "AccessDeniedException"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
