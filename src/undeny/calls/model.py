"""One authorization request: who, what, on what, in which context."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

ContextValue = str | tuple[str, ...] | None
"""One value, several, or `None`: known to be absent."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One authorization request. One API call can need several: its own, and hidden ones behind it.

    `principal` is an ARN, a service principal, `anonymous`, or `None` where nobody said. `resource_account` is `None` for what AWS
    owns and for `*`. `context` holds only what is given: the engine fills in what follows from principal and resource.
    `unknown_keys` are keys whose value could not be known (compare without case).
    """

    principal: str | None
    action: str
    resource: str = "*"
    resource_account: str | None = None
    context: Mapping[str, ContextValue] = {}
    unknown_keys: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = {}
    role: Literal["main", "dependent", "hidden"] = "main"
    why: str | None = None
    """For a hidden or dependent request: who makes it and why, in a sentence (`S3 decrypts the object for you`)."""
    source: str | None = None
    """For a hidden or dependent request: AWS's page that says so."""
    certain: bool = True
    """Whether the call surely makes it; false where that depends on what was not read (the bucket's encryption, say)."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a person adds to a denial on the command line; it wins over what the denial says."""

    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    context: Mapping[str, ContextValue] = {}
    source: str | None = None
    """From where it was sent (an instance, interface, function, task): the network path of a call without an answer starts there."""
