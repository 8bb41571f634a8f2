"""What was named does not exist, or is not shown to this caller."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("cannot be found", "does not exist", "not found", "no such")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
PATTERN = (
    r"the (?!aws access key)[\w -]{2,40}(?: with (?:name|id|arn))? [\"'\u201d]?[^\s\"'<>\u201d]{1,256}[\"'\u201d]? "
    r"(?:cannot be found|does not exist|was not found|is not found)\.?|the specified (?:bucket|key|policy|upload|log group"
    r"|queue|version|[\w ]{3,30}) does(?: not|n't) exist\.?|no such (?:entity|bucket|key)\b[^\n\"<]{0,60}"
)
EXAMPLES = {
    "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name app cannot be found.": {
        "error_code": "NoSuchEntity",
        "operation": "GetRole",
    },
    "failed to get an available volume in EC2: InvalidVolume.NotFound: The volume 'vol-0123456789abcdef0' does not exist": {
        "error_code": "InvalidVolume.NotFound"
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
