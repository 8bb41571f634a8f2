"""A root user cannot assume a role."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("may not be assumed by root",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html"
PATTERN = r"roles may not be assumed by root accounts"
EXAMPLES = {
    "An error occurred (AccessDenied) when calling the AssumeRole operation: Roles may not be assumed by root accounts.": {
        "error_code": "AccessDenied",
        "operation": "AssumeRole",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
