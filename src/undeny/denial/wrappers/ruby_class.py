"""AWS SDK for Ruby, as Rails and test runners print it: the class, then the message in brackets."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("::errors::",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-ruby/v3/developer-guide/handling-errors.html"
PATTERN = r"aws::(?P<service>\w+)::errors::(?P<error_code>\w+) \("
EXAMPLES = {"Aws::S3::Errors::AccessDenied (Access Denied)": {"error_code": "AccessDenied", "service": "S3", "message": "Access Denied"}}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
