"""Security groups and network ACLs: whether a packet passes, by which rule.

Security groups only allow, and let answers back in: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
Network ACLs go by rule number, the first that matches decides, and see answers as packets of their own:
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.addresses import Net, Ranges, read, split, within
from undeny.reach.ports import Ports, joined, segments
from undeny.reach.world import World

# https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml
NUMBERS = {"icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58", "58": "58"}
_ALL = ("-1", "all")


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """One packet as a filter sees it. `peer` is the other end's address, `ports` the destination ports (for ICMP: `type` and `code`).

    `groups` are the security groups of the other end, `()` where it has none, a `Gap` where they are not known. `keeps` tells whether
    they are still known here: a transit gateway may drop them.
    """

    protocol: str
    peer: Ranges
    ports: Ports = ()
    icmp: tuple[int, int] = (-1, -1)
    groups: tuple[str, ...] | Gap = ()
    keeps: bool | None = True
    prefix_list: str | None = None
    """The prefix list that the other end's addresses are those of, where they are."""
    service: str | None = None
    """The service of AWS's that the other end is: none of its addresses is in the list of another one."""


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What a filter says. `rule` decides; `near` is, for a refusal, the rule that comes nearest. `dropped` are the ports refused."""

    verdict: Literal["open", "blocked", "unknown"]
    rule: Mapping[str, Any] | None = None
    near: Mapping[str, Any] | None = None
    dropped: Ports = ()
    passed: Ports = ()
    gap: Gap | None = None
    empty: bool = False
    lost: bool = False
    """A rule would match by its referenced group, and that is not preserved on this way."""


def rules_of(group: Thing, *, egress: bool) -> Iterator[dict[str, Any]]:
    """Give the rules of a group one by one, each with one peer, as AWS's API writes a permission."""
    for permission in group.get("IpPermissionsEgress" if egress else "IpPermissions", ()):
        head = {key: permission[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in permission}
        for field in ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"):
            for peer in permission.get(field, ()):
                yield {**head, field: [peer]}


def by_groups(world: World, groups: tuple[str, ...] | Gap, packet: Packet, *, egress: bool) -> Ruling:
    """Judge a packet by all the groups of an interface: one rule of one of them is enough."""
    if isinstance(groups, Gap):
        return Ruling(verdict="unknown", gap=groups)
    gap: Gap | None = None
    near: Mapping[str, Any] | None = None
    nets: list[Net] = []
    lost = False
    empty = True
    for name in groups:
        held = world.get("SecurityGroups", name)
        if isinstance(held, Gap):
            gap, empty = held, False
            continue
        for rule in rules_of(held, egress=egress):
            empty = False
            port, peer = _port_fits(rule, packet), _peer_fits(world, rule, packet)
            if port and peer is True:
                return Ruling(verdict="open", rule={"GroupId": name, **rule})
            if port and peer is None:
                gap = gap or _unsure(world, rule, packet)
                nets.extend(_nets(world, rule))
            lost = lost or bool(port and packet.keeps is False and "UserIdGroupPairs" in rule)
            if port or (peer and near is None):
                near = {"GroupId": name, **rule}
    if within(packet.peer, nets):
        return Ruling(verdict="open", rule=near)
    if gap is not None:
        return Ruling(verdict="unknown", gap=gap, near=near)
    return Ruling(verdict="blocked", near=near, empty=empty, lost=lost)


def _port_fits(rule: Mapping[str, Any], packet: Packet) -> bool:
    protocol = str(rule.get("IpProtocol", "-1")).lower()
    if protocol in _ALL:
        return True
    if NUMBERS.get(protocol, protocol) != NUMBERS.get(packet.protocol, packet.protocol):
        return False
    if "FromPort" not in rule:
        return True
    low, high = int(rule["FromPort"]), int(rule.get("ToPort", rule["FromPort"]))
    if packet.protocol.startswith("icmp"):
        kind, code = packet.icmp
        return low in (-1, kind) and high in (-1, code)
    return low == -1 or all(low <= start and end <= high for start, end in packet.ports)


def _peer_fits(world: World, rule: Mapping[str, Any], packet: Packet) -> bool | None:
    cidrs = [one.get("CidrIp") or one.get("CidrIpv6") for field in ("IpRanges", "Ipv6Ranges") for one in rule.get(field, ())]
    if cidrs:
        return within(packet.peer, read(filter(None, cidrs)))
    for one in rule.get("PrefixListIds", ()):
        if one["PrefixListId"] == packet.prefix_list:
            return True
        if packet.service and _of_another(world, one["PrefixListId"], packet.service):
            return False
        entries = world.entries(one["PrefixListId"])
        return None if isinstance(entries, Gap) else within(packet.peer, entries)
    for pair in rule.get("UserIdGroupPairs", ()):
        return _in_group(pair.get("GroupId"), packet)
    return False


def _of_another(world: World, prefix_list: str, service: str) -> bool:
    """Tell whether a list is AWS's own of another service: `com.amazonaws.REGION.SERVICE`.

    https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
    """
    held = world.get("PrefixLists", prefix_list)
    name = "" if isinstance(held, Gap) else str(held.get("PrefixListName", ""))
    return name.startswith("com.amazonaws.") and not name.endswith(f".{service}")


def _nets(world: World, rule: Mapping[str, Any]) -> Ranges:
    """Give the addresses of a rule that covers some: several rules together may cover all."""
    cidrs = [one.get("CidrIp") or one.get("CidrIpv6") for field in ("IpRanges", "Ipv6Ranges") for one in rule.get(field, ())]
    lists = [world.entries(one["PrefixListId"]) for one in rule.get("PrefixListIds", ())]
    return read(filter(None, cidrs)) + tuple(net for held in lists if not isinstance(held, Gap) for net in held)


def _in_group(group: str | None, packet: Packet) -> bool | None:
    """Tell whether the other end is in a referenced group: the group's interfaces are meant, by their private addresses."""
    if packet.keeps is False:
        return False
    if isinstance(packet.groups, Gap):
        return None
    return (True if packet.keeps else None) if group in packet.groups else False


def _unsure(world: World, rule: Mapping[str, Any], packet: Packet) -> Gap:
    for one in rule.get("PrefixListIds", ()):
        entries = world.entries(one["PrefixListId"])
        if isinstance(entries, Gap):
            return entries
    if "UserIdGroupPairs" in rule and isinstance(packet.groups, Gap):
        return packet.groups
    if "UserIdGroupPairs" in rule:
        return Gap(what="whether security group references are kept on this way", why="not read", permission="ec2:DescribeTransitGateways")
    return Gap(
        what="the very address of the other end",
        why="only a part of its possible addresses is in the rule",
        how="give --resolve NAME=ADDRESS",
    )


def by_acl(acl: Thing | Gap, packet: Packet, *, egress: bool) -> Ruling:
    """Judge a packet by a subnet's ACL: for every port of it, since an answer goes to whichever port the client chose."""
    if isinstance(acl, Gap):
        return Ruling(verdict="unknown", gap=acl)
    rules = sorted((e for e in acl.get("Entries", ()) if bool(e.get("Egress")) is egress), key=lambda e: int(e["RuleNumber"]))
    fitting = [rule for rule in rules if _protocol_fits(rule, packet)]
    passed: list[tuple[int, int]] = []
    dropped: list[tuple[int, int]] = []
    told: dict[str, Mapping[str, Any] | None] = {}
    unsure = False
    for piece in segments(packet.ports or ((0, 0),), [_ports_of(rule) for rule in fitting]):
        verdict, rule = _first(fitting, packet, piece)
        told.setdefault(verdict, rule)
        unsure = unsure or verdict == "unknown"
        if verdict != "unknown":
            (passed if verdict == "allow" else dropped).append(piece)
    good, bad = joined(passed), joined(dropped)
    if dropped:
        return Ruling(verdict="blocked", rule=told.get("deny"), passed=good, dropped=bad)
    if unsure:
        part = Gap(
            what="the very address of the other end",
            why="a rule covers only a part of its possible addresses",
            how="give --resolve NAME=ADDRESS",
        )
        return Ruling(verdict="unknown", rule=told.get("unknown"), gap=part, passed=good, dropped=bad)
    return Ruling(verdict="open", rule=told.get("allow"), passed=good, dropped=bad)


def _protocol_fits(rule: Thing, packet: Packet) -> bool:
    protocol = str(rule.get("Protocol", "-1")).lower()
    if protocol in _ALL:
        return True
    if NUMBERS.get(protocol, protocol) != NUMBERS.get(packet.protocol, packet.protocol):
        return False
    if packet.protocol.startswith("icmp"):
        held = rule.get("IcmpTypeCode", {})
        return held.get("Type", -1) in (-1, packet.icmp[0]) and held.get("Code", -1) in (-1, packet.icmp[1])
    return True


def _ports_of(rule: Thing) -> tuple[int, int]:
    held = rule.get("PortRange")
    if not held or str(rule.get("Protocol", "-1")).lower() in _ALL:
        return 0, 65535
    return int(held.get("From", 0)), int(held.get("To", 65535))


def _first(rules: list[Thing], packet: Packet, piece: tuple[int, int]) -> tuple[str, Mapping[str, Any] | None]:
    """Give what the rules say of these ports: `allow`, `deny`, or `unknown` where they say both, for different addresses."""
    left = packet.peer
    found: dict[str, Mapping[str, Any] | None] = {}
    for rule in rules:
        low, high = _ports_of(rule)
        nets: tuple[Net, ...] = read(filter(None, (rule.get("CidrBlock"), rule.get("Ipv6CidrBlock"))))
        if not (low <= piece[0] and piece[1] <= high) or not nets:
            continue
        inside, rest = split(left, nets[0])
        if inside:
            found.setdefault(str(rule["RuleAction"]).lower(), rule)
            left = rest
        if not left:
            break
    if left:
        found.setdefault("deny", {"RuleNumber": 32767, "RuleAction": "deny", "Protocol": "-1"})  # the rule `*`, which every ACL has
    if len(found) > 1:
        return "unknown", found.get("deny")
    return next(iter(found.items()))
