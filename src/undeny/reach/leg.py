"""One stretch of the way: who sends, to which addresses, and the checks that every stretch shares."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import addresses, ports, words
from undeny.reach.addresses import Ranges
from undeny.reach.filters import Packet, Ruling, by_acl, by_groups
from undeny.reach.model import Destination, Hop, Question, Source
from undeny.reach.ports import Ports
from undeny.reach.world import World, interface_at

_FEW = 0.05
"""The share of a client's ports that may be shut without the path being called so: nobody's calls fail by it, but a few."""
__all__ = ["Leg", "Way", "acl_hop", "arrive", "first_gap", "groups_hop", "groups_of", "interface_at", "subnet_at"]
ECHO = {"icmp": ((8, 0), (0, 0)), "icmpv6": ((128, 0), (129, 0))}
"""The ICMP type and code of a ping, and of its answer: https://www.iana.org/assignments/icmp-parameters/icmp-parameters.xhtml."""
Direction = Literal["out", "in", "return"]


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """A packet at a place. `sender` is who it comes from as the next hop sees it: after a NAT gateway, the gateway.

    `ranges` is where it goes; `passed` are the gateways that it went through, so that a loop is seen.
    """

    world: World
    question: Question
    sender: Source
    to: Destination
    ranges: Ranges
    region: str
    passed: tuple[str, ...] = ()

    @property
    def ipv6(self) -> bool:
        """Whether the packet is IPv6."""
        return any(net.version == 6 for net in self.ranges) if self.ranges else self.question.ipv6

    @property
    def origin(self) -> Ranges:
        """The sender's addresses of the packet's family."""
        return self.sender.ranges6 if self.ipv6 else self.sender.ranges

    @property
    def ports(self) -> Ports:
        """The destination ports: one, or all where none was given."""
        if self.to.protocol.startswith("icmp"):
            return ()
        return ((self.to.port, self.to.port),) if self.to.port is not None else ((443, 443),)

    @property
    def sent(self) -> str:
        """What is sent, in words."""
        return words.packet(self.to.protocol, self.ports)

    @property
    def place(self) -> str:
        """Where it goes, in words."""
        return words.where(self.ranges, self.to.host, self.to.prefix_list)

    def packet(self, peer: Ranges, *, answer: bool = False, groups: tuple[str, ...] | Gap = (), keeps: bool | None = True) -> Packet:
        """Give the packet, or its answer, as a filter sees it that has `peer` at the other end."""
        echo = ECHO.get(self.to.protocol, ((-1, -1), (-1, -1)))[1 if answer else 0]
        to: Ports = () if self.to.protocol.startswith("icmp") else (self.sender.client if answer else self.ports)
        listed = self.to.prefix_list if peer == self.ranges else None
        return Packet(
            protocol=self.to.protocol,
            peer=peer,
            ports=to,
            icmp=echo,
            groups=groups,
            keeps=keeps,
            prefix_list=listed,
            service=self.to.service if listed or peer == self.ranges else None,
        )


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """What lies behind a route. `groups` are those of the interface that it ends at, as the sender's own groups may refer to them.

    `inside` tells that it ends in the sender's own subnet, where no network ACL looks.
    """

    via: str
    hops: tuple[Hop, ...] = ()
    groups: tuple[str, ...] | Gap = ()
    keeps: bool | None = True
    inside: bool = False


def groups_hop(leg: Leg, groups: tuple[str, ...] | Gap, packet: Packet, *, egress: bool, peer: str) -> Hop:
    """Ask the security groups of an interface."""
    ruling = by_groups(leg.world, groups, packet, egress=egress)
    names = "its security groups" if isinstance(groups, Gap) else ", ".join(groups) or "an interface without a group"
    sent = words.packet(packet.protocol, packet.ports)
    direction: Direction = "out" if egress else "in"
    hint = {"groups": [] if isinstance(groups, Gap) else list(groups), "egress": egress, "near": ruling.near}
    if ruling.verdict == "open" and ruling.rule is not None:
        told = f"{ruling.rule.get('GroupId', names)} allows {words.group_rule(ruling.rule, egress=egress)}"
        return Hop(kind="security-group", id=names, direction=direction, verdict="open", says=told, rule=ruling.rule)
    if ruling.verdict == "unknown":
        told = f"whether {names} let{'s' if ',' not in names else ''} {sent} {direction} is not known"
        return Hop(kind="security-group", id=names, direction=direction, verdict="unknown", says=told, gap=ruling.gap, hint=hint)
    lets = "let" if "," in names or names.startswith("its") else "lets"
    told = f"{names} {lets} no {sent} {direction} {'to' if egress else 'from'} {peer}"
    note = f"nearest rule: {words.group_rule(ruling.near, egress=egress)}" if ruling.near else ""
    code = "SG_HAS_NO_RULES" if ruling.empty else "SG_REFERENCES_NOT_PRESERVED" if ruling.lost else "ENI_SG_RULES_MISMATCH"
    return Hop(
        kind="security-group",
        id=names,
        direction=direction,
        verdict="blocked",
        says=told,
        code=code,
        rule=ruling.near,
        note=note,
        hint=hint,
    )


def acl_hop(leg: Leg, subnet: str, packet: Packet, *, egress: bool, answer: bool) -> Hop:
    """Ask the network ACL of a subnet about the packet, or about the answer to it."""
    acl = leg.world.network_acl(subnet)
    ruling = by_acl(acl, packet, egress=egress)
    name = f"the network ACL of {subnet}" if isinstance(acl, Gap) else str(acl["NetworkAclId"])
    direction: Direction = "return" if answer else "out" if egress else "in"
    whole = {"subnet": subnet, "egress": egress, "answer": answer, "dropped": ruling.dropped, "peer": [str(net) for net in packet.peer]}
    hint = {**whole, "protocol": packet.protocol, "icmp": packet.icmp}
    ruling, note = _in_part(leg, ruling) if answer else (ruling, "")
    told = _acl_says(leg, name, packet, ruling, egress=egress, answer=answer)
    code = "SUBNET_ACL_RESTRICTION" if ruling.verdict == "blocked" else None
    return Hop(
        kind="network-acl",
        id=name,
        direction=direction,
        verdict=ruling.verdict,
        says=told,
        code=code,
        rule=ruling.rule,
        gap=ruling.gap,
        note=note,
        hint=hint,
    )


def _in_part(leg: Leg, ruling: Ruling) -> tuple[Ruling, str]:
    """Weigh answers of which only some pass: few lost ones do not shut a path, and which ports a client uses may not be known."""
    if ruling.verdict != "blocked" or not ruling.passed:
        return ruling, ""
    share = ports.count(ruling.dropped) / (ports.count(ruling.dropped) + ports.count(ruling.passed))
    note = f"answers to ports {ports.text(ruling.dropped)} are dropped: {share:.1%} of the connections"
    if share < _FEW:
        return Ruling(verdict="open", dropped=ruling.dropped, passed=ruling.passed), note
    if not leg.sender.sure:
        gap = _client_gap(leg, ruling)
        return Ruling(verdict="unknown", rule=ruling.rule, gap=gap, dropped=ruling.dropped, passed=ruling.passed), note
    return ruling, note


def _client_gap(leg: Leg, ruling: Ruling) -> Gap:
    why = f"answers pass to ports {ports.text(ruling.passed)} only"
    return Gap(what=f"which source ports {leg.sender.name} uses", why=why, how="cat /proc/sys/net/ipv4/ip_local_port_range on it")


def _acl_says(  # noqa: PLR0913 - what was asked, of whom, and what it said
    leg: Leg, name: str, packet: Packet, ruling: Ruling, *, egress: bool, answer: bool
) -> str:
    way, link = ("out", "to") if egress else ("in", "from")
    peer = words.where(packet.peer, leg.to.host if packet.peer == leg.ranges else None)
    what = f"answers {way} {link} {peer}, {words.packet(packet.protocol, packet.ports)}" if answer else (
        f"{words.packet(packet.protocol, packet.ports)} {way} {link} {peer}"
    )  # fmt: skip
    if ruling.verdict == "unknown":
        return f"whether {name} lets {what} is not known"
    if ruling.verdict == "open":
        return f"{name} {words.acl_rule(ruling.rule)}" if ruling.rule else f"{name} lets {what}"
    part = f" on ports {ports.text(ruling.dropped)}" if ruling.passed else ""
    return f"{name} lets no {what}{part}; {words.acl_rule(ruling.rule or {'RuleNumber': 32767})}"


def arrive(
    leg: Leg, held: Thing | None, subnet: str | None, *, groups: tuple[str, ...] | Gap, keeps: bool | None = True
) -> tuple[Hop, ...]:
    """Check the far end: the subnet's ACL both ways and the interface's groups. `held` is its interface, `None` where not known."""
    hops: list[Hop] = []
    same = subnet is not None and subnet == leg.sender.subnet
    peer = words.where(leg.origin, leg.sender.name)
    if subnet is not None and not same:
        hops.append(acl_hop(leg, subnet, leg.packet(leg.origin), egress=False, answer=False))
    mine: tuple[str, ...] | Gap = leg.sender.groups if leg.sender.groups is not None else ()
    hops.append(groups_hop(leg, groups, leg.packet(leg.origin, groups=mine, keeps=keeps), egress=False, peer=peer))
    if subnet is not None and not same:
        hops.append(acl_hop(leg, subnet, leg.packet(leg.origin, answer=True), egress=True, answer=True))
    if held is not None and held.get("Status") not in (None, "in-use"):
        told = f"{held['NetworkInterfaceId']} is {held['Status']}: nothing listens behind it"
        hops.append(Hop(kind="interface", id=held["NetworkInterfaceId"], verdict="blocked", says=told, code="BAD_STATE_ATTACHMENT"))
    return tuple(hops)


def subnet_at(world: World, ranges: Ranges, vpc: str | None) -> str | None:
    """Give the subnet that holds all these addresses."""
    for one in world.all("Subnets"):
        six = [a["Ipv6CidrBlock"] for a in one.get("Ipv6CidrBlockAssociationSet", ())]
        if vpc in (None, one.get("VpcId")) and addresses.within(ranges, addresses.read([one.get("CidrBlock", ""), *six])):
            return str(one["SubnetId"])
    return None


def groups_of(held: Thing | None, what: str) -> tuple[str, ...] | Gap:
    """Give the groups of an interface; a gap where it is not known which interface it is."""
    if held is None:
        return Gap(
            what=f"the security groups of {what}",
            why="no interface that was read has this address",
            permission="ec2:DescribeNetworkInterfaces",
        )
    return tuple(group["GroupId"] for group in held.get("Groups", ()))


def first_gap(hops: Iterable[Hop]) -> Gap | None:
    """Give the first gap of some hops."""
    return next((hop.gap for hop in hops if hop.gap is not None), None)
