"""An error code before a colon, bare or as the name of a class: `AccessDenied: `, `com.amazonaws...AccessDeniedException: `."""

import re
from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Facts, Found, Passage, compiled

SIDE = "before"
NEEDS = ()
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = r":(?=[\s\"'{\u201d\u201e]|$)"
INNER = r"^.*[\"'`(\[{<>|,;=*)\]}\u201c\u201d\u201e]"
ALONE = r"(?:^|(?<=\n))[ \t]*([A-Z][A-Za-z]{7,80})[ \t]*\n(?=[ \t]*[A-Z])"
EXAMPLES = {
    "AccessDeniedException\nUser: arn:aws:iam::111122223333:user/dev is not authorized to perform: dynamodb:Query": {
        "error_code": "AccessDeniedException"
    },
    "AuthFailure: AWS was not able to validate the provided access credentials": {"error_code": "AuthFailure"},
    "com.amazonaws.services.glue.model.AccessDeniedException: Access Denied": {"error_code": "AccessDeniedException", "service": "glue"},
    "Aws::S3::Errors::AccessDenied: Access Denied": {"error_code": "AccessDenied", "service": "S3"},
    "Amazon.S3.AmazonS3Exception: Access Denied": {"error_code": None, "service": "S3"},
    '{"level":"error","error":"ExpiredTokenException: the token is expired"}': {"error_code": "ExpiredTokenException"},
    "INFO [ERROR]ThrottlingException: Rate exceeded": {"error_code": "ThrottlingException"},
}
_SERVICE = r"(?:\.services\.|Amazon\.|Aws::)([A-Za-z0-9]+)(?:\.|::)"
_NAME = r"[A-Za-z_][\w$]*(?:(?:\.|::|#)[A-Za-z_][\w$]*)*"
_OF_PHP = (" (client)", " (server)", " (Sender)", " (Service)")
_LONGEST = 200


def find(passage: Passage) -> Iterator[Found]:
    """Find each word before a colon that is an error code, or a class that tells its service."""
    text = passage.text
    for match in compiled(PATTERN).finditer(text):
        found = _before(text, match.start())
        if found:
            yield found
    if "\n" in text:
        yield from _alone(text)


def _alone(text: str) -> Iterator[Found]:
    """Find each line that is nothing but an error code, with the sentence on the next."""
    for match in compiled(ALONE).finditer(text):
        code = code_of(match.group(1))
        if code:
            yield Found(match.start(1), match.end(), {"error_code": code})


def _before(text: str, colon: int) -> Found | None:
    end = colon
    if text.endswith(_OF_PHP, max(0, colon - 10), colon):
        end = text.rindex(" ", 0, colon)
    elif not text[colon - 1 : colon].isalnum():
        return None
    begin = text.rfind(" ", max(0, end - _LONGEST), end) + 1
    words = text[begin:end].split()
    name = compiled(INNER).sub("", words[-1]) if words else ""
    code = code_of(name) if name else None
    if code is None and "." not in name and "::" not in name:
        return None
    service = re.search(_SERVICE, name)
    if not (code or service) or not compiled(_NAME).fullmatch(name):
        return None
    facts: Facts = {"error_code": code} if code else {}
    if service:
        facts["service"] = service.group(1)
    after = colon + 1
    while after < len(text) and text[after].isspace():
        after += 1
    return Found(end - len(name), after, facts)
