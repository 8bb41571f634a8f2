"""boto3, botocore and the AWS CLI."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("an error occurred (",)
SOURCE = "https://github.com/boto/botocore/blob/develop/botocore/exceptions.py"
PATTERN = (
    r"an error occurred \((?P<error_code>[^()\n]{1,120})\) when calling the ['\"\u201d]?(?P<operation>\w+)['\"\u201d]? "
    r"operation(?: \([^()\n]{0,200}\))? ?:? ?"
)
EXAMPLES = {
    "An error occurred (Throttling) when calling the GetRole operation (reached max retries: 4): Rate exceeded": {
        "error_code": "Throttling",
        "operation": "GetRole",
        "message": "Rate exceeded",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
