"""What should be created is there already."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("already exists", "already owned by")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
PATTERN = r"""(?:(?:role|user|group|policy|instance profile|provider|a policy|an? [\w -]{2,30}?)(?: with (?:the )?(?:name|same url|arn))? )?(?:called )?[^\s\"':]{1,128} already (?:exists|owned by you)[^\n\"(<]{0,80}"""
EXAMPLES = {"EntityAlreadyExists: Role with name my-role already exists.": {"error_code": "EntityAlreadyExists"}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
