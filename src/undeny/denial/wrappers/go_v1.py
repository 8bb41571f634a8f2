"""AWS SDK for Go v1, and Terraform before its change to v2: the ids stand behind the message."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = ("status code:",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-go/api/aws/awserr/"
PATTERN = r"status code: (?P<http_status>\d{1,3})(?:, request id: (?P<request_id>[\w-]*))?(?:, host id: (?P<host_id>[\w+/=.-]*))?"
EXAMPLES = {
    "AccessDenied: Access Denied\n\tstatus code: 403, request id: 5D2A1F0BBF0C1E33, host id: abc=": {
        "error_code": "AccessDenied",
        "http_status": 403,
        "request_id": "5D2A1F0BBF0C1E33",
        "host_id": "abc=",
        "message": "Access Denied",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
