"""A service that refuses a resource or operation by name, without a principal (`Access denied for operation 'X'`)."""

from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, matches

NEEDS = ("access denied for operation", "access denied to resource")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = r"""access denied (?:for operation|to resource)[: ]+[\"'\u201d]?(?P<operation>[a-z]\w+)?[^\"'\n]{0,200}"""
EXAMPLES: dict[str, Facts] = {"Access denied for operation 'AWS::CloudFormation::Stack'.": {}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
