"""Identity Center: no assignment of that account and permission set."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("no access",)
SOURCE = "https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html"
PATTERN = r"(?<=operation: )no access\b|(?<=exception: )no access\b"
EXAMPLES = {
    "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access": {
        "error_code": "ForbiddenException",
        "operation": "GetRoleCredentials",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
