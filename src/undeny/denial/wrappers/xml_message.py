"""The message element of an XML answer."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, compiled

SIDE = "before"
NEEDS = ("<message>",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
PATTERN = r"<message>\s*"
EXAMPLES = {
    "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>": {"error_code": "AccessDenied", "message": "Access Denied"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each opening tag; the message ends where its tag closes."""
    for match in compiled(PATTERN).finditer(passage.low):
        yield Found(match.start(), match.end(), {}, "</")
