"""A role that Lambda cannot assume: its trust policy, or it is only seconds old."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("cannot be assumed by",)
SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html"
PATTERN = (
    r"the role defined for the (?:function|task|service|state machine)(?: \S+)? cannot be assumed(?: by (?:the service |aws "
    r")?\w+)?|the role with name [^\s]+ cannot be assumed by[^\n.\"]{0,60}"
)
EXAMPLES = {
    "An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The role defined for "
    "the function cannot be assumed by Lambda.": {
        "error_code": "InvalidParameterValueException",
        "operation": "CreateFunction",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
