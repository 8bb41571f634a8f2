"""A role of another account cannot be passed, whatever the policies say."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("cross-account pass role",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
PATTERN = r"""cross-account pass role is not allowed(?:, the role should belong to account ['\"\u201d]?\d{12}['\"\u201d]?)?\.?"""
EXAMPLES = {
    "Cross-account pass role is not allowed, The role should belong to account '111122223333'": {"action": None},
    "ValidationException: Cross-account pass role is not allowed.": {"error_code": "ValidationException"},
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
