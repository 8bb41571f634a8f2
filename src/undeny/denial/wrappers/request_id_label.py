"""A request id with its label in plain words: `Request Id: b73f7091-...`."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "beside"
NEEDS = ("request id:", "requestid:", "request id =", "request-id:")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/get-request-ids.html"
PATTERN = r"request[ -]?id ?[:=] ?(?P<request_id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"
EXAMPLES = {
    "Sender - MessageRejected: Email address is not verified. The following identities failed the check in region US-EAST-1: "
    "a@example.com Request Id: b73f7091-8332-427a-8bba-e7ce57950ac9": {
        "error_code": "MessageRejected",
        "request_id": "b73f7091-8332-427a-8bba-e7ce57950ac9",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
