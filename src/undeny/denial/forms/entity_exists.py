"""What should be created is there already."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("already exists", "already owned by")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
PATTERN = r"(?:[^\s:\"'<(]+ ){0,8}already (?:exists|owned by you)[^\n\"(<]{0,80}"
EXAMPLES = {"EntityAlreadyExists: Role with name my-role already exists.": {"error_code": "EntityAlreadyExists"}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
