"""AWS SDK for Rust, where the answer had neither code nor message: only the status of the raw response is left."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("code: none",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-rust/latest/dg/error-handling.html"
PATTERN = r"response \{[ \n\t|]*(?:inner: response \{[ \n\t|]*)?status: (?:statuscode\()?(?P<http_status>[45]\d\d)"
EXAMPLES = {
    "ServiceError { source: Unhandled(ErrorMetadata { code: None, message: None }), raw: Response { status: StatusCode(403), headers: "
    '{ "x-amz-request-id": "8SCE568PZ3EF7WVA" } } }': {"http_status": 403, "request_id": "8SCE568PZ3EF7WVA"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
