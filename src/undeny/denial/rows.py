"""Rows of a table of events: columns named as in events, structures that came as text opened."""

from functools import cache
from typing import Any

_NAMES = (
    "eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage "
    "requestParameters responseElements "
    "additionalEventData requestID eventID readOnly resources eventType apiVersion managementEvent recipientAccountId "
    "serviceEventDetails sharedEventID "
    "vpcEndpointId vpcEndpointAccountId eventCategory tlsDetails sessionCredentialFromConsole principalId accountId "
    "accessKeyId userName invokedBy sessionContext "
    "sessionIssuer mfaAuthenticated creationDate identityProvider sourceIdentity webIdFederationData federatedProvider "
    "ec2RoleDelivery tlsVersion cipherSuite "
    "assumedRoot attributes type arn"
)
_DEPTH = 20


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in _NAMES.split()}


def named_as_in_events(column: str) -> str:
    """Give a column its name in CloudTrail's own events: Athena keeps lower case only.

    >>> named_as_in_events("useridentity")
    'userIdentity'
    """
    return _names().get(column.lower().rpartition(".")[2], column)


def struct_of(text: str) -> Any:
    """Open a structure as Athena prints it; a text that is none is given back.

    >>> struct_of("{type=IAMUser, sessioncontext={attributes={mfaauthenticated=false}}, username=null}")
    {'type': 'IAMUser', 'sessionContext': {'attributes': {'mfaAuthenticated': 'false'}}, 'userName': None}
    """
    return _opened(text.strip(), 0)


def _opened(text: str, depth: int) -> Any:
    if text == "null":
        return None
    if depth > _DEPTH or len(text) < 2:
        return text
    if text[0] == "[" and text[-1] == "]":
        return [_opened(part, depth + 1) for part in _parts(text[1:-1])]
    if text[0] != "{" or text[-1] != "}":
        return text
    found: dict[str, Any] = {}
    for part in _parts(text[1:-1]):
        key, mark, value = part.partition("=")
        if not mark:
            return text
        name = named_as_in_events(key.strip())
        found[name] = _opened(value.strip(), depth + 1)
    return found


def _parts(text: str) -> list[str]:
    """Split at commas that stand outside brackets."""
    parts: list[str] = []
    depth = begin = 0
    for index, character in enumerate(text):
        if character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[begin:index])
            begin = index + 1
    return [part.strip() for part in (*parts, text[begin:]) if part.strip()]
