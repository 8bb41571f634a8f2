"""A bucket whose objects take no ACLs."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("does not allow acls",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"
PATTERN = r"the bucket does not allow acls"
EXAMPLES = {
    "An error occurred (AccessControlListNotSupported) when calling the PutObject operation: The bucket does not allow ACLs": {
        "error_code": "AccessControlListNotSupported",
        "operation": "PutObject",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
