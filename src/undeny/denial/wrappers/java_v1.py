"""AWS SDK for Java v1, and what was written after it: `(Service: S; Status Code: N; Error Code: C; Request ID: X; Proxy: null)`."""

from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, compiled

SIDE = "after"
NEEDS = ("; status code:",)
SOURCE = "https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/AmazonServiceException.html"
PATTERN = (
    r"\(service: (?P<service>[^;()\n]*); status code: (?P<http_status>\d{0,3})"
    r"(?P<rest>(?:; [a-z0-9\n ]{2,30}: [^;()]{0,300})*);? ?(?:\)|$|(?=\n))"
)
EXAMPLES = {
    "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 7F2KQ0XWJ8; S3 Extended "
    "Request ID: abc=; Proxy: null)": {
        "service": "Amazon S3",
        "http_status": 403,
        "error_code": "AccessDenied",
        "request_id": "7F2KQ0XWJ8",
        "host_id": "abc=",
        "message": "Access Denied",
    },
}
_FIELDS = {"error code": "error_code", "request id": "request_id", "s3 extended request id": "host_id", "extended request id": "host_id"}


def find(passage: Passage) -> Iterator[Found]:
    """Find each bracket and its fields."""
    for match in compiled(PATTERN).finditer(passage.low):
        facts: Facts = {name: passage.text[slice(*match.span(name))] for name in ("service", "http_status") if match.group(name)}
        for part in passage.text[slice(*match.span("rest"))].split(";"):
            label, _, value = part.partition(":")
            field = _FIELDS.get(" ".join(label.lower().split()))
            value = value.partition("...")[0].strip()
            if field and value:
                facts[field] = value
        yield Found(match.start(), match.end(), facts)
