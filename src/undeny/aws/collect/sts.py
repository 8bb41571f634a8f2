"""STS: whose credentials read, and what AWS wrote into an encoded authorization message."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from undeny.aws.reader import Reader
from undeny.denial.record import ENCODED, to_decode
from undeny.evidence.model import Gap

_API = "https://docs.aws.amazon.com/STS/latest/APIReference/API_"
PERMISSIONS = {
    "sts:GetCallerIdentity": ("which account is read, so that evidence of another is never used", f"{_API}GetCallerIdentity.html"),
    "sts:DecodeAuthorizationMessage": ("the encoded message of a denial", f"{_API}DecodeAuthorizationMessage.html"),
}


def decoded(reader: Reader, message: str) -> Mapping[str, Any] | Gap:
    """Decode the encoded message of a denial; only the account whose caller was denied can."""
    answer = reader.call(
        "sts", "decode_authorization_message", action="sts:DecodeAuthorizationMessage", what=ENCODED, EncodedMessage=message
    )
    if not isinstance(answer, dict):
        return answer or Gap(what=ENCODED)
    try:
        found = json.loads(answer["DecodedMessage"])
    except ValueError:
        return reader.gap(Gap(what=ENCODED, why="AWS's answer is no JSON"))
    return found if isinstance(found, Mapping) else Gap(what=ENCODED)


def unread(gap: Gap, message: str, tried: Sequence[str]) -> Gap:
    """Give the gap of a message that nobody here may decode: whom it takes, the one permission, and the exact command for them."""
    why = gap.why
    if gap.permission and tried:
        why = f"neither {' nor '.join(tried)} may" if len(tried) > 1 else f"{tried[0]} may not"
        why += " decode it: it takes sts:DecodeAuthorizationMessage in the account whose caller was denied"
    return Gap(what=ENCODED, why=why, permission=gap.permission, how=to_decode(message))
