"""A status with the error code in brackets, as s3cmd and others print it: `S3 error: 400 (InvalidRequest): `."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("s3 error: ", "error: 4", "error 4", "status 4")
SOURCE = "https://github.com/s3tools/s3cmd/blob/master/S3/Exceptions.py"
PATTERN = r"(?:error|status):? (?P<http_status>[45]\d\d) \((?P<error_code>[a-z]{6,80})\) ?:? ?"
EXAMPLES = {
    "ERROR: S3 error: 403 (SignatureDoesNotMatch): The request signature we calculated does not match the signature you provided.": {
        "error_code": "SignatureDoesNotMatch",
        "http_status": 403,
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
