"""Apache Arrow's S3 file system, over the SDK for C++: the error as that SDK's enumeration names it, and the operation."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("aws error ",)
SOURCE = "https://github.com/apache/arrow/blob/main/cpp/src/arrow/filesystem/s3_internal.h"
PATTERN = (
    r"aws error (?:\[code \d+\] ?|unknown|(?P<error_code>[a-z_]{4,60}))? ?(?:\(http status (?P<http_status>\d{3})\) )?during "
    r"(?P<operation>\w+) operation: (?:unable to parse exceptionname: (?P<named>\w+) message: )?"
)
EXAMPLES = {
    "OSError: When getting information for key 'k' in bucket 'b': AWS Error ACCESS_DENIED during HeadObject operation: No response body.": {
        "error_code": "ACCESS_DENIED",
        "operation": "HeadObject",
        "message": "No response body.",
    },
    "IOError: AWS Error UNKNOWN (HTTP status 301) during ListObjectsV2 operation: Unable to parse ExceptionName: PermanentRedirect "
    "Message: The bucket must be addressed using the specified endpoint.": {
        "error_code": "PermanentRedirect",
        "http_status": 301,
        "operation": "ListObjectsV2",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    for found in matches(PATTERN, passage):
        named = found.facts.pop("named", None)
        if named:
            found.facts["error_code"] = named
        yield found
