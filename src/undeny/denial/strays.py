"""What stands apart from the sentence, in places that no wrapper knows: a request id under some label, a code among the words.

Only looked for where a text tells of one denial, so that it cannot be another's.
"""

import re

import msgspec

from undeny.denial.codes import first_code_in
from undeny.denial.found import Passage
from undeny.denial.model import Denial

_LABELLED = re.compile(
    r"(?<![a-z0-9])(?<!start )(?<!end )(?<!report )(?:x-amzn?-|aws[-_]?)?request[-_ ]?id"
    r"[\"'\u201d\u201e]?\s*(?:[:=>|]|is)\s*[\"'\u201d\u201e(\[]*"
    r"(?P<id>(?=[a-z-]*\d)[a-z0-9-]{10,64})(?![a-z0-9-])"
)
_REQUEST = re.compile(r"request[-_ ]?id")
_LONG = 20_000


def completed(denial: Denial, passage: Passage) -> Denial:
    """Fill in the request id and the error code where the text has one that can be no other denial's."""
    if len(passage.text) > _LONG or denial.event_id:
        return denial
    found: dict[str, str] = {}
    if denial.request_id is None and _REQUEST.search(passage.low):
        spans = {passage.low[slice(*match.span("id"))]: match.span("id") for match in _LABELLED.finditer(passage.low)}
        if len(spans) == 1:
            found["request_id"] = passage.text[slice(*spans.popitem()[1])]
    if denial.error_code is None:
        code = first_code_in(passage.text)
        if code:
            found["error_code"] = code
    return msgspec.structs.replace(denial, **found) if found else denial
