"""Temporary credentials or a login whose time is over."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("expired",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"
PATTERN = (
    r"(?:the )?(?:provided|security|authorization|sso|session|web identity)? ?(?:security |access )?token (?:included in "
    r"the request |provided |in the request )?(?:is|has) (?:expired|been expired)(?: and refresh failed)?|your "
    r"(?:authorization token|session|credentials?|token)(?: token)? (?:has|have) expired[^\n\"<]{0,80}|the sso session "
    r"(?:associated with this profile |token )?has expired[^\n\"<]{0,160}|(?:sso|aws) (?:session|credentials?"
    r"|token)[^\n.\"<]{0,40} (?:has|have|is|are) expired|(?:request has expired|the provided token has expired|refresh "
    r"token (?:has )?expired|session token not found or expired|credentials (?:have|are|were) expired)"
)
EXAMPLES = {
    "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired.": {
        "error_code": "ExpiredToken",
        "operation": "ListBuckets",
    },
    "denied: Your authorization token has expired. Reauthenticate and try again.": {},
    "Error when retrieving token from sso: Token has expired and refresh failed": {},
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
