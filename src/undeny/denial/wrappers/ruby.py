"""AWS SDK for Ruby, as irb and Rails print it: the class behind the message."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = ("::errors::",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-ruby/v3/developer-guide/handling-errors.html"
PATTERN = r"\(aws::(?P<service>\w+)::errors::(?P<error_code>\w+)\)"
EXAMPLES = {"Access Denied (Aws::S3::Errors::AccessDenied)": {"error_code": "AccessDenied", "service": "S3", "message": "Access Denied"}}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
