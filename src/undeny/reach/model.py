"""A question about a path, the hops that answer it, and the change that would open it."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from undeny.evidence.model import Gap
from undeny.evidence.network import Network
from undeny.reach.addresses import Ranges
from undeny.reach.ports import EPHEMERAL, Ports

HopVerdict = Literal["open", "blocked", "unknown"]
Verdict = Literal["reachable", "blocked", "unknown"]
Kind = Literal[
    "source", "dns", "security-group", "network-acl", "route-table", "gateway-endpoint", "interface-endpoint", "endpoint-policy",
    "nat-gateway", "internet-gateway", "egress-only-internet-gateway", "block-public-access", "peering", "transit-gateway",
    "interface", "elsewhere", "destination",
]  # fmt: skip


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """From where, to what. `to` is a service (`s3`), `HOST`, `HOST:PORT` or an id with a port; `resolve` gives names their addresses.

    `source_port` is the client's own port, where it is known: answers go there. `principal`, `action` and `resource` are the call that an
    endpoint's policy is to decide; without them it is only looked at.
    """

    source: str
    to: str
    port: int | None = None
    protocol: str = "tcp"
    source_port: int | None = None
    ipv6: bool = False
    region: str | None = None
    resolve: Mapping[str, tuple[str, ...]] = {}
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    networks: tuple[Network, ...] = ()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One place that packets start from. `groups` are its security groups, `None` for a thing that has none (a NAT gateway).

    `public` tells whether its IPv4 address has a public one beside it. `client` are the source ports that it uses; `sure` whether all of
    those are used (a Lambda function) or an unknown part (an operating system that nobody named).
    """

    name: str
    interface: str | None
    subnet: str
    vpc: str
    ranges: Ranges
    ranges6: Ranges = ()
    groups: tuple[str, ...] | Gap | None = ()
    public: bool | None = None
    public_address: str | None = None
    client: Ports = EPHEMERAL
    sure: bool = False
    managed: bool = False
    """A function's or another service's interface: no public address can be given to it."""


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must answer. `ranges` are addresses it may have, exact or not; `named` is the host name, `None` for an address.

    `service` is the last part of the endpoint service's name (`s3`, `ecr.api`), `None` for what is none of AWS's; `why` says what it is
    needed for where a target needs several.
    """

    name: str
    host: str | None
    port: int | None
    protocol: str
    ranges: Ranges = ()
    service: str | None = None
    region: str | None = None
    interface: str | None = None
    prefix_list: str | None = None
    why: str = ""
    given: str = ""
    """What the answer takes for granted of it."""


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on the way. `rule` is the very rule that decides, as AWS's API gives it; `code` Reachability Analyzer's word for a block.

    `direction` is `out` and `in` for the packet, `return` for the answer. `hint` holds what a change needs to know.
    """

    kind: Kind
    id: str
    verdict: HopVerdict
    says: str
    direction: Literal["out", "in", "return", ""] = ""
    code: str | None = None
    rule: Mapping[str, Any] | None = None
    gap: Gap | None = None
    note: str = ""
    hint: Mapping[str, Any] = {}


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """One way from one source to one destination. `when` is what must hold for it to be taken, empty where it surely is."""

    source: Source
    destination: Destination
    hops: tuple[Hop, ...]
    via: str = ""
    when: str = ""
    guessed: bool = False
    """Nobody can say what else it might be: this is the way for one of the possible addresses."""

    @property
    def verdict(self) -> Verdict:
        """Blocked where any hop blocks, reachable where all are open."""
        found = {hop.verdict for hop in self.hops}
        return "blocked" if "blocked" in found else "unknown" if "unknown" in found else "reachable"

    @property
    def blocked(self) -> tuple[Hop, ...]:
        """The hops that block, in order."""
        return tuple(hop for hop in self.hops if hop.verdict == "blocked")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One call of AWS's API that changes the network, with its parameters; `undo` is the call that takes it back."""

    operation: str
    target: str
    parameters: Mapping[str, Any]
    undo: str = ""


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """Another packet from the same place, before and after a change."""

    what: str
    before: Verdict
    after: Verdict


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change that opens the path, tried on the same network. `suffices` is `None` where something unread could still block.

    `needed` tells that no step can be left out; `wider` says what else it opens, empty where nothing; `guard` whose guard it weakens.
    """

    title: str
    steps: tuple[Step, ...]
    suffices: bool | None = None
    needed: bool | None = None
    wider: str = ""
    guard: str = ""
    costs: str = ""
    neighbours: tuple[Neighbour, ...] = ()


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. `code` is the cause code of the first block, `None` where there is none; `missing` what was not seen."""

    source: str
    to: str
    verdict: Verdict
    code: str | None
    summary: str
    paths: tuple[Path, ...]
    changes: tuple[Change, ...] = ()
    missing: tuple[Gap, ...] = ()
    assumes: tuple[str, ...] = ()

    @property
    def data(self) -> dict[str, Any]:
        """The answer as plain data: what JSON prints of it."""
        from undeny.reach.data import as_data  # noqa: PLC0415 - data is made of this

        return as_data(self)
