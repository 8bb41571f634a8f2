"""EC2 could not validate the credentials: wrong key, wrong clock, or a Region that is not switched on."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("validate the provided access credentials",)
SOURCE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"
PATTERN = r"aws was not able to validate the provided access credentials"
EXAMPLES = {"AuthFailure: AWS was not able to validate the provided access credentials": {"error_code": "AuthFailure"}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
