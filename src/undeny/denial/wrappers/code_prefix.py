"""An error code before a colon, bare or as the name of a class: `AccessDenied: `, `com.amazonaws...AccessDeniedException: `."""

import re
from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Facts, Found, Passage, compiled

SIDE = "before"
NEEDS = ()
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = r"(?P<name>[A-Za-z_][\w$]*(?:(?:\.|::|#)[A-Za-z_][\w$]*)*)(?P<php> \((?:client|server|Sender|Service)\))?"
EXAMPLES = {
    "AuthFailure: AWS was not able to validate the provided access credentials": {"error_code": "AuthFailure"},
    "com.amazonaws.services.glue.model.AccessDeniedException: Access Denied": {"error_code": "AccessDeniedException", "service": "glue"},
    "Aws::S3::Errors::AccessDenied: Access Denied": {"error_code": "AccessDenied", "service": "S3"},
    "Amazon.S3.AmazonS3Exception: Access Denied": {"error_code": None, "service": "S3"},
}
_SERVICE = r"(?:\.services\.|Amazon\.|Aws::)([A-Za-z0-9]+)(?:\.|::)"
_OPENING = "\"'`([{<>|,;=*\u201c\u201d\u201e"
_LONGEST = 200


def find(passage: Passage) -> Iterator[Found]:
    """Find each word before a colon that is an error code, or a class that tells its service."""
    text = passage.text
    colon = text.find(":")
    while colon >= 0:
        after = text[colon + 1 : colon + 2]
        if not after or after.isspace() or after in "\"'{\u201d\u201e":
            found = _before(text, colon)
            if found:
                yield found
        colon = text.find(":", colon + 1)


def _before(text: str, colon: int) -> Found | None:
    words = text[max(0, colon - _LONGEST) : colon].rsplit(None, 2)
    if not words or not (words[-1][-1].isalnum() or words[-1][0] == "("):
        return None
    word = f"{words[-2]} {words[-1]}" if words[-1][0] == "(" and len(words) > 1 else words[-1]
    name = word.partition(" (")[0].lstrip(_OPENING)
    if not name:
        return None
    code = code_of(name)
    if code is None and "." not in name and ":" not in name:
        return None
    match = compiled(PATTERN).fullmatch(word[len(word) - len(word.lstrip(_OPENING)) :])
    if not match:
        return None
    service = re.search(_SERVICE, name)
    facts: Facts = {"error_code": code} if code else {}
    if service:
        facts["service"] = service.group(1)
    begin = text.rfind(name, 0, colon)
    end = colon + 1
    while end < len(text) and text[end].isspace():
        end += 1
    return Found(begin, end, facts) if facts else None
