"""A refusal without a body: HEAD requests have none, so only the status and its name are left."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("forbidden",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html"
PATTERN = r"(?<![\w.:])(?:40[13] )?forbidden(?![\w:.])(?!\s*<(?:error|\?xml|!doctype|html))"
EXAMPLES = {
    "An error occurred (403) when calling the HeadObject operation: Forbidden": {
        "error_code": "403",
        "operation": "HeadObject",
        "message": "Forbidden",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
