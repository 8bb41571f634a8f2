"""CodeBuild cannot assume the role of a project."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("codebuild is not authorized",)
SOURCE = "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html"
PATTERN = (
    r"codebuild is not authorized to perform ?: ?(?P<action>sts:\w+) on (?:resource:? "
    r")?(?P<resource>(?:arn:[^\s\"'`<>,;)\u201d\u201e]+))"
)
EXAMPLES = {
    "An error occurred (InvalidInputException) when calling the CreateProject operation: CodeBuild is not authorized to "
    "perform: sts:AssumeRole on arn:aws:iam::111122223333:role/build": {
        "error_code": "InvalidInputException",
        "action": "sts:AssumeRole",
        "resource": "arn:aws:iam::111122223333:role/build",
        "operation": "CreateProject",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
