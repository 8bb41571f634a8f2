"""The account itself may not make this call: not enabled, restricted, or not yet verified."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("account is", "pending verification", "enabled for", "not subscribed to this service")
SOURCE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"
PATTERN = (
    r"(?:your|this) account is (?:not authorized|not allowed|currently|blocked|not enabled|suspended)[^\n\"<]{0,200}|user "
    r"not enabled for [^\n\"<]{0,120}|you are not subscribed to this service[^\n\"<]{0,120}|(?:your request for accessing "
    r"resources|request)[^\n\"<]{0,60} pending verification[^\n\"<]{0,120}|[^\n\":<]{0,60}is not enabled for (?:your|this) "
    r"account[^\n\"<]{0,60}"
)
EXAMPLES = {
    "An error occurred (OptInRequired) when calling the DescribeInstances operation: You are not subscribed to this "
    "service. Please go to http://aws.amazon.com to subscribe.": {
        "error_code": "OptInRequired",
        "operation": "DescribeInstances",
    },
    "AccessDeniedException: Your account is not authorized to invoke this API operation.": {"error_code": "AccessDeniedException"},
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
