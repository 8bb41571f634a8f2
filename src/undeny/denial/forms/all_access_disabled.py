"""AWS itself has switched a bucket or object off."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("all access to this",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
PATTERN = r"all access to this (?:object|bucket|(?:amazon )?s3 resource|resource) has been disabled"
EXAMPLES = {
    "AllAccessDisabled: All access to this Amazon S3 resource has been disabled. Contact AWS Support": {"error_code": "AllAccessDisabled"},
    "Amazon.S3.AmazonS3Exception: All access to this object has been disabled": {"service": "S3"},
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
