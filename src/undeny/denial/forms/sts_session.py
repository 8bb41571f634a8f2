"""A call of STS or IAM that temporary credentials may not make."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("with session credentials", "with federation credentials", "with temporary credentials")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html"
PATTERN = r"cannot call (?P<operation>\w+) with (?:session|federation|temporary) credentials"
EXAMPLES = {
    "AccessDenied: Cannot call GetSessionToken with session credentials": {"error_code": "AccessDenied", "operation": "GetSessionToken"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
