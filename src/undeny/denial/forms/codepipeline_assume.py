"""CodePipeline cannot assume the role of a pipeline or action."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("not authorized to perform assumerole on role",)
SOURCE = "https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html"
PATTERN = (
    r"(?P<principal>(?:arn:[^\s\"'`<>,;)\u201d\u201e]+)|[\w./-]+) is not authorized to perform (?P<operation>assumerole) on "
    r"role:? (?P<resource>(?:arn:[^\s\"'`<>,;)\u201d\u201e]+))"
)
EXAMPLES = {
    "InvalidStructureException: arn:aws:iam::111122223333:role/pipeline is not authorized to perform AssumeRole on role "
    "arn:aws:iam::111122223333:role/action": {
        "error_code": "InvalidStructureException",
        "principal": "arn:aws:iam::111122223333:role/pipeline",
        "resource": "arn:aws:iam::111122223333:role/action",
        "operation": "AssumeRole",
        "action": "sts:AssumeRole",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage, action="sts:AssumeRole")
