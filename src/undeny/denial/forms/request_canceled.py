"""A call that ended because its time was over: no answer came, and no status."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("requestcanceled", "context deadline exceeded", "request context canceled")
SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html"
PATTERN = (
    r"(?:requestcanceled: )?request context canceled(?: caused by: context deadline exceeded)?(?:\. please check your task "
    r"network configuration\.?)?|(?<!request canceled, )(?<!caused by: )(?<!canceled )context deadline "
    r"exceeded[^\n\"<]{0,80}"
)
EXAMPLES = {
    "RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.": {
        "http_status": None
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
