"""The bare refusal, S3's above all: no principal, no action, no reason."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("access denied", "accessdenied: denied")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html"
PATTERN = (
    r"access denied(?! because object)(?! you don['\u2019\u201d]?t have permission)(?!\w)(?! for operation)(?!\. verify in iam)"
    r"(?!\. this model)(?! ?\(explicit)"
)
EXAMPLES = {"AccessDenied: Access Denied": {"error_code": "AccessDenied", "message": "Access Denied"}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
