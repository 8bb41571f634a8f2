"""STS: whose credentials read, and what AWS wrote into an encoded authorization message."""

import json
from collections.abc import Mapping
from typing import Any

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap

_API = "https://docs.aws.amazon.com/STS/latest/APIReference/API_"
PERMISSIONS = {
    "sts:GetCallerIdentity": ("which account is read, so that evidence of another is never used", f"{_API}GetCallerIdentity.html"),
    "sts:DecodeAuthorizationMessage": ("the encoded message of a denial", f"{_API}DecodeAuthorizationMessage.html"),
}


def decoded(reader: Reader, message: str) -> Mapping[str, Any] | Gap:
    """Decode the encoded message of a denial; only the account whose caller was denied can."""
    what = "the encoded authorization message"
    answer = reader.call("sts", "decode_authorization_message", action="sts:DecodeAuthorizationMessage", what=what, EncodedMessage=message)
    if not isinstance(answer, dict):
        return answer or Gap(what=what)
    try:
        found = json.loads(answer["DecodedMessage"])
    except ValueError:
        return reader.gap(Gap(what=what, why="AWS's answer is no JSON"))
    return found if isinstance(found, Mapping) else Gap(what=what)
