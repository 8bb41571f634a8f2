"""Fields beside a message, in JSON or as JavaScript, Python and Rust print an object: code, status, ids, and an event's own."""

from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Found, Passage, compiled

SIDE = "beside"
NEEDS = (
    "code",
    "type",
    "error_class",
    "exception=",
    "requestid",
    "request_id",
    "request id",
    "hostid",
    "status",
    "eventname",
    "x-amzn",
    "name:",
    '"name"',
)
SOURCE = "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/migrate-error-handling.html"
_KEYS = (
    "__type|code|error_class|error_type|exception|errorcode|error_code|errortype|aws_error_code|name|requestid|request_id|aws_request_id|hostid|extendedrequ"
    "estid|s3_extended_request_id|statuscode|httpstatuscode"
    "|http_status_code|status|eventname|eventsource|awsregion|eventid|region"
)
PATTERN = (
    rf"(?P<key>{_KEYS}) ?[\"'\u201d\u201e]? ?[:=] ?(?:some\( ?)?u? ?"
    r"(?:[\"'\u201d\u201e](?P<text>[^\"'\u201d\u201e\n]{1,300})[\"'\u201d\u201e]|(?P<number>[1-5]\d\d)(?!\d)"
    r"|(?P<word>[a-z][\w.$#]*(?:::\w+)*(?=[\s,;)}\]]|$)))"
)
EXAMPLES = {
    '{"message":"Access Denied","code":"AccessDenied","time":"2020-07-21T07:05:10.343Z","requestId":"e834632c-4e74-475f-aa0'
    'f-2228c56d4988","statusCode":403}': {
        "error_code": "AccessDenied",
        "request_id": "e834632c-4e74-475f-aa0f-2228c56d4988",
        "http_status": 403,
        "message": "Access Denied",
    },
    "{'Error': {'Code': 'AccessDenied', 'Message': 'Access Denied'}, 'ResponseMetadata': {'RequestId': 'A1B2C3D4', "
    "'HTTPStatusCode': 403}}": {
        "error_code": "AccessDenied",
        "request_id": "A1B2C3D4",
        "http_status": 403,
        "message": "Access Denied",
    },
    '[warn]: #0 failed to flush the buffer. error_class=Aws::S3::Errors::AccessDenied error="Access Denied"': {
        "error_code": "AccessDenied"
    },
}
_FIELDS = {
    "requestid": "request_id",
    "request_id": "request_id",
    "aws_request_id": "request_id",
    "hostid": "host_id",
    "extendedrequestid": "host_id",
    "s3_extended_request_id": "host_id",
    "eventname": "operation",
    "eventsource": "event_source",
    "awsregion": "region",
    "eventid": "event_id",
    "region": "region",
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each field; a code counts only where it is one of AWS's."""
    for match in compiled(PATTERN).finditer(passage.low):
        if _within_word(passage.low, match.start()):
            continue
        key, number = match.group("key"), match.group("number")
        if number:
            if "status" in key or "code" in key:
                yield Found(match.start(), match.end(), {"http_status": number})
            continue
        field = _FIELDS.get(key)
        if match.group("word") and field is not None:
            continue
        value = passage.text[slice(*match.span("text" if match.group("text") else "word"))].strip()
        if field is None:
            code = code_of(value)
            if code and not code.isdigit():
                yield Found(match.start(), match.end(), {"error_code": code})
        elif " " not in value:
            yield Found(match.start(), match.end(), {field: value})


def _within_word(low: str, start: int) -> bool:
    """Whether the key is only the end of a longer word (looked at here: a search that begins with a look behind is slow)."""
    before = low[start - 1 : start] if start else ""
    return before.isalnum() or before in {"_", "-", "."}
