"""Lambda cannot use the key of the environment variables; the end is KMS's own message."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("lambda was unable to",)
SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html"
PATTERN = (
    r"lambda was unable to (?:configure access to your environment variables|decrypt the environment variables|configure "
    r"your environment variables)[^\n\"]{0,400}"
)
EXAMPLES = {
    "InvalidParameterValueException: Lambda was unable to configure access to your environment variables because the KMS "
    "key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception: InvalidArnException KMS Message: "
    "ARN does not refer to a valid principal": {"error_code": "InvalidParameterValueException"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
