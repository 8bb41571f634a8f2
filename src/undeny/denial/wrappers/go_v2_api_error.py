"""The end of a Go v2 error, where the beginning was cut off."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("api error",)
SOURCE = "https://aws.github.io/aws-sdk-go-v2/docs/handling-errors/"
PATTERN = (
    r"api error (?P<error_code>[\w.]+): |https response error statuscode: (?P<http_status>\d{1,3}), requestid: "
    r"(?P<request_id>[^\s,]*)(?:, hostid: (?P<host_id>[^\s,]*))?, ?(?:api error (?P<code>[\w.]+): )?"
)
EXAMPLES = {"api error AccessDenied: Access Denied": {"error_code": "AccessDenied", "message": "Access Denied"}}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
