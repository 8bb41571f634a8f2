"""A service that cannot assume the role it was given, in its own words."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("assume ", "be assumed")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html"
PATTERN = (
    r"iam role \((?P<role>[^()\s]+)\) cannot be assumed\.?|"
    r"(?:could not|unable to|cannot|can't|failed to|is unable to) assume (?:the )?(?:provided )?(?:iam )?role(?! with "
    r"oidc)(?! in target)(?: (?P<resource>arn:[^\s\"'`,)]+))?(?![^\n]{0,200}not authorized)[^\n\"<]{0,100}"
)
EXAMPLES = {
    "An error occurred (ValidationException) when calling the CreateJob operation: Could not assume role "
    "arn:aws:iam::111122223333:role/app. Check the trust relationship": {
        "error_code": "ValidationException",
        "resource": "arn:aws:iam::111122223333:role/app",
        "account": "111122223333",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
