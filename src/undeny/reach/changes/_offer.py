"""What one block could be mended with, and the place where it stands."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.evidence.model import Gap
from undeny.reach.addresses import Ranges
from undeny.reach.model import Hop, Path, Question, Step
from undeny.reach.world import World


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A block on a path, with all that is known there."""

    question: Question
    world: World
    path: Path
    hop: Hop

    @property
    def ports(self) -> Mapping[str, Any]:
        """The port as a security group's rule writes it."""
        to = self.path.destination
        if to.protocol.startswith("icmp"):
            return {"IpProtocol": to.protocol, "FromPort": -1, "ToPort": -1}
        port = to.port or 443
        return {"IpProtocol": to.protocol, "FromPort": port, "ToPort": port}

    @property
    def groups(self) -> tuple[str, ...]:
        """The source's own security groups."""
        held = self.path.source.groups
        return () if held is None or isinstance(held, Gap) else held


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One mend: its steps, what it opens beside (`wider`), whose guard it weakens, what it costs."""

    title: str
    steps: tuple[Step, ...]
    wider: str = ""
    guard: str = ""
    costs: str = ""


def peer_of(ranges: Ranges) -> dict[str, Any]:
    """Give addresses as a security group's rule writes them."""
    four = [{"CidrIp": str(net)} for net in ranges if net.version == 4]
    six = [{"CidrIpv6": str(net)} for net in ranges if net.version == 6]
    return {**({"IpRanges": four} if four else {}), **({"Ipv6Ranges": six} if six else {})}


def everywhere(*, ipv6: bool) -> str:
    """Give the CIDR block of everything."""
    return "::/0" if ipv6 else "0.0.0.0/0"
