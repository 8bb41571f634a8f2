"""Headers of an answer, as `curl -v`, `aws --debug` and debug logs print them."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "beside"
NEEDS = ("amz-request-id", "amzn-requestid", "amzn-request-id", "x-amz-id-2", "http/1", "http/2", "\ndate:", "date':", "< date:")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html"
PATTERN = (
    r"(?<![\w-])[\"'\u201d]?x-amzn?-request-?id[\"'\u201d]? ?: ?[\"'\u201d]?(?P<request_id>[\w-]{8,})"
    r"|[\"'\u201d]?x-amz-id-2[\"'\u201d]? ?: ?[\"'\u201d]?(?P<host_id>[\w+/=.-]{8,})|(?:^|(?<=\n)|(?<=< ))http/[12](?:\.\d)? "
    r"(?P<http_status>[45]\d\d)[^\n]{0,60}|(?:(?<=\n)|(?<=< )|(?<=['\"\u201d]))date['\"\u201d]?: "
    r"?['\"\u201d]?(?P<event_time>[a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt)|(?:(?<=\n)|(?<=> ))host: "
    r"(?P<host>[\w.-]+amazonaws[\w.-]*)"
)
EXAMPLES = {
    "< HTTP/1.1 403 Forbidden\n< x-amz-request-id: 7F2KQ0XWJ8EXAMPL\n< x-amz-id-2: abcdefgh=\n< Date: Tue, 24 Nov 2026 "
    "18:04:11 GMT\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>": {
        "request_id": "7F2KQ0XWJ8EXAMPL",
        "host_id": "abcdefgh=",
        "http_status": 403,
        "error_code": "AccessDenied",
        "message": "Access Denied",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
