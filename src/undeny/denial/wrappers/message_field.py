"""The field that holds the message, in JSON or as JavaScript, Python and Rust print an object."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("message", "msg", "statusreason", "description")
SOURCE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html"
PATTERN = (
    r"(?:error_?message|message|msg|resourcestatusreason|error_description) ?[\"'\u201d\u201e]? ?: ?(?:some\("
    r"|optional\()?(?P<quote>[\"'\u201d\u201e])"
)
EXAMPLES = {
    '{"errorMessage": "Access to the resource https://sqs.us-west-2.amazonaws.com/ is denied. (Service: AmazonSQS; Status '
    "Code: 403; Error Code: AccessDenied; "
    'Request ID: c61c0698-505c-50fe-8c67-5602cb84e824)", "errorType": "com.amazonaws.services.sqs.model.AmazonSQSException"}': {
        "error_code": "AccessDenied",
        "resource": "https://sqs.us-west-2.amazonaws.com/",
        "request_id": "c61c0698-505c-50fe-8c67-5602cb84e824",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find where each message begins, and the quote that will end it."""
    return matches(PATTERN, passage)
