"""S3 Object Lock protects the version."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("object lock", "protected by object")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"
PATTERN = r"(?:access denied )?because object protected by object lock\.?"
EXAMPLES = {
    "An error occurred (AccessDenied) when calling the DeleteObject operation: Access Denied because object protected by object lock.": {
        "error_code": "AccessDenied",
        "operation": "DeleteObject",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
