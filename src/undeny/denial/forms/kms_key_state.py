"""A key that is disabled, pending deletion or pending import refuses everybody."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("is pending deletion", "is disabled", "pending import", "invalid for this request", "kmsinvalidstate")
SOURCE = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"
PATTERN = (
    r"(?P<resource>(?:arn:[^\s\"'`<>,;)\u201d\u201e]+)) is (?:disabled|pending (?:deletion|import|replica deletion)|invalid "
    r"for this request)\.?"
)
EXAMPLES = {
    "An error occurred (DisabledException) when calling the Encrypt operation: "
    "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab is disabled.": {
        "error_code": "DisabledException",
        "operation": "Encrypt",
        "resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "region": "us-east-1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
