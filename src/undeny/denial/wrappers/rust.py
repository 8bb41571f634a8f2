"""AWS SDK for Rust, as `Debug` and `Display` print its errors."""

from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Found, Passage, compiled

SIDE = "beside"
NEEDS = ("unhandled error (", "service error: ", "code: some(")
SOURCE = "https://docs.aws.amazon.com/sdk-for-rust/latest/dg/error-handling.html"
PATTERN = r"(?:service error: )?unhandled error \((?P<code>\w+)\)"
EXAMPLES = {
    'service error: unhandled error (AccessDenied): Error { code: "AccessDenied", message: "Access Denied", '
    'aws_request_id: "7F2KQ0XWJ8" }': {
        "error_code": "AccessDenied",
        "message": "Access Denied",
        "request_id": "7F2KQ0XWJ8",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each code that the SDK has no type for."""
    for match in compiled(PATTERN).finditer(passage.low):
        code = code_of(passage.text[slice(*match.span("code"))])
        if code:
            yield Found(match.start(), match.end(), {"error_code": code})
