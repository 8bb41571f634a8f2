"""CodeBuild's log line of a failed phase."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("phase context status code",)
SOURCE = "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html"
PATTERN = r"phase context status code: \w+ message: (?:error while executing command: [^\n]{0,300}?reason: )?"
EXAMPLES = {
    "[Container] 2024/01/02 03:04:05 Phase context status code: CLIENT_ERROR Message: AccessDenied: Access Denied": {
        "error_code": "AccessDenied"
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
