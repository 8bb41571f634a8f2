"""What was seen: a denial as its text or event tells it, `None` for what it does not say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

Kind = Literal["explicit", "implicit"]
PolicyType = Literal[
    "identity_based", "resource_based", "permissions_boundary", "session", "service_control", "resource_control",
    "vpc_endpoint", "role_trust", "block_public_access", "lake_formation",
]  # fmt: skip


class Denial(msgspec.Struct, frozen=True, kw_only=True):
    """One refused call, as told. Nothing is guessed: an absent fact is `None`, an empty mapping where no context is given.

    The fields of the first block are the JSON interface; `kind` is called `denial` there. `form` names the wording's file, `line`
    the line of the input on which the denial begins (from 1), `text` the sentence itself with secrets masked.
    """

    error_code: str | None = None
    message: str | None = None
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    kind: Kind | None = msgspec.field(default=None, name="denial")
    policy_type: PolicyType | None = None
    policy_arn: str | None = None
    request_id: str | None = None
    host_id: str | None = None
    encoded_message: str | None = None
    encoded_truncated: bool = False
    authorization_id: str | None = None
    event_id: str | None = None
    event_time: datetime | None = None
    region: str | None = None
    account: str | None = None
    source_ip: str | None = None
    vpc_endpoint_id: str | None = None
    context: Mapping[str, tuple[str, ...]] = {}

    operation: str | None = None
    service: str | None = None
    """The service as the text spells it (SDK name, service id or event source); `catalog` turns it into a prefix."""
    event_source: str | None = None
    http_status: int | None = None
    principal_type: str | None = None
    session_issuer: str | None = None
    invoked_by: str | None = None
    user_agent: str | None = None
    parameters: Mapping[str, Any] | None = None
    resources: tuple[str, ...] = ()
    """ARNs that the event or text names beside `resource`."""
    recipient_account: str | None = None
    endpoint_url: str | None = None
    recorded: bool = False
    """Whether AWS's own record of it (an encoded message, the details behind an authorization id) was read into this."""
    record: Mapping[str, Any] | None = None
    """AWS's own record as AWS gave it: authorization details, with `policyDocument` beside each policy read, or a decoded message."""
    wrapper: str | None = None
    form: str | None = None
    line: int | None = None
    text: str | None = None
