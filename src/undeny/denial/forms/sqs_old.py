"""SQS's older refusal: the queue's URL and nothing else."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("access to the resource",)
SOURCE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting.html"
PATTERN = r"access to the resource (?P<resource>\S+) is denied\.?"
EXAMPLES = {
    "Access to the resource https://sqs.us-west-2.amazonaws.com/ is denied. (Service: AmazonSQS; Status Code: 403; Error "
    "Code: AccessDenied; Request ID: c61c0698-505c-50fe-8c67-5602cb84e824)": {
        "error_code": "AccessDenied",
        "resource": "https://sqs.us-west-2.amazonaws.com/",
        "region": "us-west-2",
        "http_status": 403,
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
