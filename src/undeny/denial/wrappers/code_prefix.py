"""An error code before a colon, bare or as the name of a class: `AccessDenied: `, `com.amazonaws...AccessDeniedException: `."""

import re
from collections.abc import Iterator
from itertools import pairwise

from undeny.denial.codes import code_of
from undeny.denial.found import Facts, Found, Passage, compiled

SIDE = "before"
NEEDS = ()
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = r":(?=[\s\"'{\u201d\u201e]|$)"
INNER = r"^.*[\"'`(\[{<>|,;=*)\]}\u201c\u201d\u201e]"
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
_SHORTEST, _WORD = 8, 80


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
    lines = text.split("\n")
    place = 0
    for line, following in pairwise(lines):
        word = line.strip()
        if _SHORTEST <= len(word) <= _WORD and word.isalpha() and following.lstrip()[:1].isupper() and word[0].isupper():
            code = code_of(word)
            if code:
                yield Found(place + line.index(word), place + len(line) + 1, {"error_code": code})
        place += len(line) + 1


def _before(text: str, colon: int) -> Found | None:
    end = colon
    last = text[colon - 1 : colon]
    if last == ")" and text.endswith(_OF_PHP, max(0, colon - 10), colon):
        end = text.rindex(" ", 0, colon)
    elif not last.isalnum():
        return None
    name = text[max(0, end - _LONGEST) : end].rsplit(None, 1)[-1]
    if name.islower() and "." not in name:
        return None  # most words before a colon: `perform`, `resource`, the parts of an ARN
    if not name.isalnum():
        name = compiled(INNER).sub("", name)
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
