"""SES in its sandbox: only verified identities may send or receive."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("email address is not verified", "identities failed the check")
SOURCE = "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html"
PATTERN = (
    r"""email address is not verified\.?(?: the following identities failed the check in region (?P<region>[a-z0-9-]+)[^\n\"<]{0,200})?"""
)
EXAMPLES = {
    "An error occurred (MessageRejected) when calling the SendEmail operation: Email address is not verified. The "
    "following identities failed the check in region EU-WEST-1: someone@example.com": {
        "error_code": "MessageRejected",
        "operation": "SendEmail",
        "region": "eu-west-1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
