"""An error code before a colon, bare or as the name of a class: `AccessDenied: `, `com.amazonaws...AccessDeniedException: `, `X (client): `."""

import re
from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Facts, Found, Passage, cased

SIDE = "before"
NEEDS = ()
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = r"(?<![\w.$:])(?P<name>[A-Za-z_][\w$]*(?:(?:\.|::|#)[A-Za-z_][\w$]*)*)(?P<php> \((?:client|server|Sender|Service)\))?:(?=\s|$|[\"'\u201d{])\s*"
EXAMPLES = {
    "AuthFailure: AWS was not able to validate the provided access credentials": {"error_code": "AuthFailure"},
    "com.amazonaws.services.glue.model.AccessDeniedException: Access Denied": {"error_code": "AccessDeniedException", "service": "glue"},
    "Aws::S3::Errors::AccessDenied: Access Denied": {"error_code": "AccessDenied", "service": "S3"},
    "Amazon.S3.AmazonS3Exception: Access Denied": {"error_code": None, "service": "S3"},
}
_SERVICE = r"(?:\.services\.|Amazon\.|Aws::)([A-Za-z0-9]+)(?:\.|::)"


def find(passage: Passage) -> Iterator[Found]:
    """Find each word before a colon that is an error code, or a class that tells its service."""
    for match in cased(PATTERN, passage):
        name = match.group("name")
        code, service = code_of(name), re.search(_SERVICE, name) if "." in name or ":" in name else None
        facts: Facts = {}
        if code:
            facts["error_code"] = code
        if service:
            facts["service"] = service.group(1)
        if facts:
            yield Found(match.start(), match.end(), facts)
