"""The values of one call to the lab: who calls, what is called, what has to be allowed for it, and how it ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

CallerKind = Literal["user", "role_session", "federated_user", "root", "anonymous", "provider"]


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller signs with; `token` is `None` for long-term keys."""

    access_key: str
    secret_key: str
    token: str | None = None


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed. `unique_id` is CloudTrail's `principalId`; `issuer` the ARN of the role or user behind a session.

    `session_policies` are `(name, document)` given when the session was made, `None` where none was. `tags` are the principal's and
    the session's, the latter first. A `provider` is the caller that a web identity token makes.
    `issued` and `expires` are `None` for long-term keys.
    """

    kind: CallerKind
    arn: str
    account: str | None
    unique_id: str
    name: str | None = None
    issuer: str | None = None
    issuer_id: str | None = None
    access_key: str | None = None
    session_policies: tuple[tuple[str, Mapping[str, Any]], ...] | None = None
    tags: Mapping[str, str] = {}
    source_identity: str | None = None
    issued: datetime | None = None
    expires: datetime | None = None


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One API call as it came over the wire. `service` is the SDK's name, `parameters` are named as botocore names them.

    `endpoint` is the id of the VPC endpoint that it came through.
    """

    caller: Caller
    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str
    protocol: str
    headers: Mapping[str, str]
    request_id: str
    host_id: str
    time: datetime
    source_ip: str
    endpoint: str | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One authorization request that a call needs. `policy` is the resource's own policy, `account` whose the resource is.

    `label` is how the service spells the resource in its text where that is not the ARN. `things` are facts by ARN, as in a
    scenario. `via` is the service that asks on the caller's behalf; `operation` then the call that it makes.
    """

    action: str
    resource: str = "*"
    account: str | None = None
    policy: Mapping[str, Any] | None = None
    context: Mapping[str, str | list[str]] = {}
    label: str | None = None
    things: Mapping[str, Any] = {}
    via: str | None = None
    operation: str | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is not allowed: which layer AWS would name, how it denies, and the ARN of the policy where AWS tells it."""

    asked: Asked
    layer: str
    explicit: bool
    policy_arn: str | None = None
    scenario: Mapping[str, Any] = {}
    decided: Mapping[str, Any] = {}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An error as the client sees it: code, status and sentence.

    `event_code` is how CloudTrail spells the code, `query_code` how a service says it that spoke the query protocol before JSON.
    """

    code: str
    status: int
    message: str
    event_code: str | None = None
    query_code: str | None = None
    refusal: Refusal | None = None


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
