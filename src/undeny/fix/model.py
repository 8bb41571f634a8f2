"""What would let the call through: edits to policies, to settings, or to the call itself."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

EditLayer = Literal["identity", "boundary", "session", "resource", "endpoint", "scp", "rcp"]
Applicability = Literal["machine_applicable", "maybe_incorrect", "has_placeholders"]
ManagedBy = Literal["terraform", "cloudformation", "identity-center", "aws"]


class PolicyEdit(msgspec.Struct, frozen=True, kw_only=True, tag="policy", tag_field="kind"):
    """A policy document before and after, whole; `None` where there is none. `policy` is `None` for a thing's one document."""

    layer: EditLayer
    target: str
    policy: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class CallEdit(msgspec.Struct, frozen=True, kw_only=True, tag="call", tag_field="kind", omit_defaults=True):
    """A change to the call: only what differs is given; `how` says how a person makes it.

    `parameters` are the call's own, as CloudTrail writes them; a key of `context` with `None` is one that the call no longer carries.
    """

    how: str
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    context: Mapping[str, str | tuple[str, ...] | None] = {}
    parameters: Mapping[str, Any] = {}


class SettingEdit(msgspec.Struct, frozen=True, kw_only=True, tag="setting", tag_field="kind"):
    """A setting of a thing: the operation that changes it and its parameters before and after."""

    target: str
    operation: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


Edit = PolicyEdit | CallEdit | SettingEdit


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal.

    `grants` are the requests (action, resource) that it means to open: anything beyond is `nothing_else` violated. Both are patterns as
    in a policy; a third part `"*"` says that whoever the corrected statement names gets it, not the caller alone.

    `owner` names whose edit it is where not the caller's account (an account id, `organization`, `AWS`); `message` is then the text
    to send.
    `strategy` is the file that made it.
    """

    id: str
    title: str
    layer: str
    applicability: Applicability
    changes: tuple[Edit, ...] = ()
    assumes: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    owner: str | None = None
    managed_by: ManagedBy | None = None
    message: str | None = None
    strategy: str = ""
    code: str = ""
    """The cause code that it serves."""
    grants: tuple[tuple[str, ...], ...] = ()
    tried: Mapping[str, bool | None] = {}
    """Obligations that hold, as tried on the network that was read; empty for what `prove` proves."""
    uncovers: str | None = None
    """Where the fix only uncovers the next denial: which, in a sentence."""
