"""AWS SDK for Go v2 and Terraform: operation, status and ids stand before the message."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("operation error",)
SOURCE = "https://aws.github.io/aws-sdk-go-v2/docs/handling-errors/"
PATTERN = (
    r"operation error (?P<service>[^:\n,]{1,60}): (?P<operation>\w+)(?:, exceeded maximum number of attempts,? \d+)?,? "
    r"?(?:(?:get identity: |get credentials: |failed to (?:refresh cached credentials|sign request|retrieve "
    r"credentials)[,:] )*)(?:https response error statuscode: (?P<http_status>\d{1,3}), requestid: "
    r"(?P<request_id>[^\s,]*)(?:, hostid: (?P<host_id>[^\s,]*))?, ?)?(?:api error (?P<error_code>[\w.]+): )?"
)
EXAMPLES = {
    "operation error S3: PutBucketPolicy, https response error StatusCode: 400, RequestID: EFGE55VM21VYP63G, HostID: "
    "qYQN+kKSBdC8=, api error MalformedPolicy: Invalid principal in policy": {
        "error_code": "MalformedPolicy",
        "operation": "PutBucketPolicy",
        "service": "S3",
        "http_status": 400,
        "request_id": "EFGE55VM21VYP63G",
        "host_id": "qYQN+kKSBdC8=",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
