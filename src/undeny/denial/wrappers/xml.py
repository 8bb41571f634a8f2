"""The body of an XML answer: S3 and the query protocol."""

from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Facts, Found, Passage, compiled

SIDE = "beside"
NEEDS = ("</code>", "</requestid>", "</hostid>", "</message>", "exception>")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
PATTERN = (
    r"<(?P<tag>code|requestid|hostid|region|authorizationid)>\s*(?P<value>[^<\s]{1,300})\s*</(?P=tag)>|(?P<end></message>)"
    r"|<(?P<root>\w+exception)>(?=\s*<)"
)
EXAMPLES = {
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access '
    "Denied</Message><RequestId>7F2KQ0XWJ8</RequestId><HostId>abc=</HostId></Error>": {
        "error_code": "AccessDenied",
        "message": "Access Denied",
        "request_id": "7F2KQ0XWJ8",
        "host_id": "abc=",
    },
    "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>": {
        "error_code": "AccessDeniedException",
        "message": "Unable to determine service/operation name to be authorized",
    },
}
_FIELDS = {"code": "error_code", "requestid": "request_id", "hostid": "host_id", "region": "region", "authorizationid": "authorization_id"}


def find(passage: Passage) -> Iterator[Found]:
    """Find each element that says something, and the end of the message."""
    for match in compiled(PATTERN).finditer(passage.low):
        facts: Facts = {}
        if match.group("root"):
            code = code_of(passage.text[slice(*match.span("root"))])
            facts = {"error_code": code} if code else {}
        elif not match.group("end"):
            value = passage.text[slice(*match.span("value"))]
            facts = {_FIELDS[match.group("tag")]: code_of(value) or value if match.group("tag") == "code" else value}
        yield Found(match.start(), match.end(), facts)
