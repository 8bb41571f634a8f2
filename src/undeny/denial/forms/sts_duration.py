"""A session that would be longer than the role, or role chaining, allows."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("durationseconds exceeds",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html"
PATTERN = r"the requested durationseconds exceeds the [^\n.]{0,120}"
EXAMPLES = {
    "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the "
    "1 hour session limit for roles assumed by role chaining": {
        "error_code": "ValidationError",
        "operation": "AssumeRole",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
