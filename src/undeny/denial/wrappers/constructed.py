"""An exception as Python prints it: `AuthorizationException(403, '...')`, `X('...')`."""

from collections.abc import Iterator

from undeny.denial.codes import code_of
from undeny.denial.found import Facts, Found, Passage, cased

SIDE = "before"
NEEDS = ("exception(", "error(")
SOURCE = "https://docs.python.org/3/library/exceptions.html"
PATTERN = r"(?<![\w.])(?:[a-z_]\w*\.)*(?P<name>[A-Z]\w*(?:Exception|Error))\((?:(?P<status>\d{3}), )?(?P<quote>[\"'\u201d])"
EXAMPLES = {
    "AuthorizationException(403, 'User: anonymous is not authorized to perform: es:ESHttpPost because no resource-based "
    "policy allows the es:ESHttpPost action')": {
        "error_code": "AuthorizationException",
        "http_status": 403,
        "principal": "anonymous",
        "policy_type": "resource_based",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each; only what is an error code of AWS or its clients becomes one."""
    for match in cased(PATTERN, passage):
        code = code_of(match.group("name"))
        facts: Facts = {"error_code": code} if code else {}
        if match.group("status"):
            facts["http_status"] = match.group("status")
        yield Found(match.start(), match.end(), facts, match.group("quote"))
