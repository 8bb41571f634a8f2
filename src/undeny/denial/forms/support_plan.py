"""An API that the account's support plan does not include."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("premium support subscription", "subscription is required")
SOURCE = "https://docs.aws.amazon.com/health/latest/APIReference/Welcome.html"
PATTERN = (
    r"(?:amazon web services|aws) premium support subscription is required[^\n\"<]{0,120}|(?:aws )?[\w ]{0,40}subscription "
    r"is required[^\n\"<]{0,120}"
)
EXAMPLES = {
    "An error occurred (SubscriptionRequiredException) when calling the DescribeEvents operation: Amazon Web Services "
    "Premium Support Subscription is required to use this service.": {
        "error_code": "SubscriptionRequiredException",
        "operation": "DescribeEvents",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
