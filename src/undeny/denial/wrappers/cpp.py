"""AWS SDK for C++: the error as it is logged, its name on a line of its own."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("exception name:",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-cpp/latest/developer-guide/logging.html"
PATTERN = (
    r"http response code: (?P<http_status>\d{3}) (?:resolved remote host ip address: [^\n]* )?(?:request id: (?P<request_id>[\w-]*) )?"
    r"exception name: (?P<error_code>\w*) error message: "
)
EXAMPLES = {
    "HTTP response code: 403\nException name: AccessDenied\nError message: Access Denied\n2 response headers:\nx-amzn-requestid : "
    "5c0c8b80-58e8-11e6-8d5f-9b1b1f9b1e1d": {
        "error_code": "AccessDenied",
        "http_status": 403,
        "message": "Access Denied",
        "request_id": "5c0c8b80-58e8-11e6-8d5f-9b1b1f9b1e1d",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
