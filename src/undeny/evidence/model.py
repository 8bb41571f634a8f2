"""Every policy and fact that bears on a request, each with its source and time, or a gap that says why it is missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from undeny.evidence.health import HealthEvent
from undeny.iam.model import Document


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could not be read: what, why, and which permission would let us.

    `what` reads as a noun (`resource policy of arn:aws:s3:::b`); `permission` is one action name or `None`; `how` a command or
    step that would fill it, or `None`.
    """

    what: str
    why: str = "not read"
    permission: str | None = None
    how: str | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as attached: the name by which the principal or target has it, the document, where it was read and when.

    `attached_to` is the ARN that holds it (a group's, for a policy through a group); `inline` is `None` where not known.
    """

    name: str
    document: Document
    arn: str | None = None
    attached_to: str | None = None
    inline: bool | None = None
    source: str | None = None
    read_at: datetime | None = None


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One level of an organisation (root, OU, account) with its SCPs or RCPs, or the gap that stands for them."""

    target: str
    policies: tuple[Policy, ...] | Gap
    name: str | None = None


PolicySet = tuple[Policy, ...] | Gap | None
"""The policies of one layer: `None`, the layer does not apply; `()`, it applies and allows nothing."""
LevelSet = tuple[Level, ...] | Gap
"""The levels from the root down; `()`: the account is in no organisation."""


class Policies(msgspec.Struct, frozen=True, kw_only=True):
    """All the policies that bear on one request, layer by layer."""

    identity: PolicySet
    boundary: PolicySet
    session: PolicySet
    endpoint: PolicySet
    resource: Policy | Gap | None
    scp: LevelSet
    rcp: LevelSet
    scope_down: PolicySet = None


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """A thing by ARN: its policy and its facts under the field names of AWS's API responses.

    `policy` is `None` where it has none, a `Gap` where it was not read; `exists` is `None` where nobody looked.
    """

    arn: str
    policy: Policy | Gap | None
    settings: Mapping[str, Any] = {}
    exists: bool | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A write event shortly before the denial: `changed_lately` of an explanation."""

    time: datetime
    by: str
    event: str
    on: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known around one call: the policies of its own request, and things by ARN for the calls behind it.

    `now` is the time of the denial, `None` where not known. `source` says where all this comes from (`scenario`, a snapshot's path,
    `profile prod`). `gaps` are reads that were refused or not made.
    """

    policies: Policies
    resources: Mapping[str, Resource] = {}
    now: datetime | None = None
    source: str = "scenario"
    gaps: tuple[Gap, ...] = ()
    changed_lately: tuple[Change, ...] = ()
    assumed: tuple[str, ...] = ()
    """How the caller's session was made, by whom and when, a sentence for each step of the chain; empty where no event shows it."""
    recorded: tuple[str, ...] = ()
    """Layers whose documents are those that AWS recorded with the denial: as they were then, perhaps without other services' actions."""
    from_text: bool = False
    """Nothing was read at all: only the denial's own text is known. Every layer is then a gap."""
    health: tuple[HealthEvent, ...] | None = None
    """AWS's own events around the time of the call; `None` where AWS Health was not asked, `()` where it has none."""
    region: str | None = None
    """The Region that AWS Health was asked about, where the text names none."""
