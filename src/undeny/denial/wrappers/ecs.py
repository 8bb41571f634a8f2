"""ECS could not fetch a secret, a parameter or the image's login before a task began."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("failed to fetch secret",)
SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html"
PATTERN = r"failed to fetch secret (?P<resource>[^\s,]+) from (?:secrets manager|ssm|[\w ]{1,30}): "
EXAMPLES = {
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to "
    "retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret "
    "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-AbCdEf from secrets manager: AccessDeniedException: "
    "Access to KMS is not allowed status code: 400, request id: a87a66d9-f839-4353-b8c2-9984b1465695": {
        "resource": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-AbCdEf",
        "error_code": "AccessDeniedException",
        "region": "eu-central-1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
