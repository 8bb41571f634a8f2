"""Rules, routes and packets as people say them."""

from collections.abc import Mapping
from typing import Any

from undeny.reach import addresses, ports
from undeny.reach.addresses import Ranges
from undeny.reach.ports import Ports
from undeny.reach.routing import destination, target

_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "-1": "all traffic"}


def protocol(rule: Mapping[str, Any]) -> str:
    """Say a rule's protocol.

    >>> protocol({"IpProtocol": "-1"}), protocol({"Protocol": "6"})
    ('all traffic', 'tcp')
    """
    told = str(rule.get("IpProtocol", rule.get("Protocol", "-1"))).lower()
    return _PROTOCOLS.get(told, told)


def group_rule(rule: Mapping[str, Any], *, egress: bool) -> str:
    """Say one rule of a security group.

    >>> group_rule({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}, egress=True)
    'tcp 443 to 10.0.0.0/16'
    """
    peers = [
        str(one.get("CidrIp") or one.get("CidrIpv6") or one.get("PrefixListId") or one.get("GroupId"))
        for field in ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
        for one in rule.get(field, ())
    ]
    low, high = rule.get("FromPort"), rule.get("ToPort")
    known = low is not None and low != -1 and protocol(rule) in ("tcp", "udp")
    span = f" {ports.text(((int(low or 0), int(high or low or 0)),))}" if known else ""
    return f"{protocol(rule)}{span} {'to' if egress else 'from'} {', '.join(peers) or 'nothing'}"


def acl_rule(rule: Mapping[str, Any]) -> str:
    """Say one rule of a network ACL.

    >>> acl_rule({"RuleNumber": 90, "RuleAction": "deny", "Protocol": "6", "PortRange": {"From": 443, "To": 443}, "CidrBlock": "0.0.0.0/0",
    ...           "Egress": True})
    'rule 90 denies tcp 443 to 0.0.0.0/0'
    """
    if rule.get("RuleNumber") == 32767:
        return "rule * denies what no other rule allows"
    held = rule.get("PortRange")
    span = f" {ports.text(((int(held['From']), int(held['To'])),))}" if held else ""
    peer = rule.get("CidrBlock") or rule.get("Ipv6CidrBlock")
    says = "denies" if str(rule.get("RuleAction")).lower() == "deny" else "allows"
    return f"rule {rule.get('RuleNumber')} {says} {protocol(rule)}{span} {'to' if rule.get('Egress') else 'from'} {peer}"


def route(held: Mapping[str, Any]) -> str:
    """Say one route.

    >>> route({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"})
    '0.0.0.0/0 → nat-1'
    """
    return f"{destination(held)} → {target(held) or 'nothing'}"


def packet(kind: str, to: Ports) -> str:
    """Say what is sent: `tcp 443`; for ICMP the protocol alone."""
    return kind if kind.startswith("icmp") or not to else f"{kind} {ports.text(to)}"


def where(ranges: Ranges, name: str | None = None, prefix_list: str | None = None) -> str:
    """Say an address with what it is: a host's name, a prefix list."""
    if name and prefix_list:
        return f"{name} ({prefix_list})"
    if name and addresses.is_public(ranges):
        return name
    told = addresses.text(ranges) if ranges else "an address that is not known"
    return f"{name} ({told})" if name else told
