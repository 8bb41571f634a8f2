"""Looks things up in what was read: by id, by what they belong to. What was not read is a gap, never nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from undeny.evidence.model import Gap
from undeny.evidence.network import IDS, Network, Thing
from undeny.reach.addresses import Ranges, read

_WORDS = {
    "Vpcs": ("VPC", "ec2:DescribeVpcs"),
    "Subnets": ("subnet", "ec2:DescribeSubnets"),
    "RouteTables": ("route table", "ec2:DescribeRouteTables"),
    "NetworkAcls": ("network ACL", "ec2:DescribeNetworkAcls"),
    "SecurityGroups": ("security group", "ec2:DescribeSecurityGroups"),
    "NetworkInterfaces": ("network interface", "ec2:DescribeNetworkInterfaces"),
    "Instances": ("instance", "ec2:DescribeInstances"),
    "VpcEndpoints": ("VPC endpoint", "ec2:DescribeVpcEndpoints"),
    "NatGateways": ("NAT gateway", "ec2:DescribeNatGateways"),
    "InternetGateways": ("internet gateway", "ec2:DescribeInternetGateways"),
    "EgressOnlyInternetGateways": ("egress-only internet gateway", "ec2:DescribeEgressOnlyInternetGateways"),
    "PrefixLists": ("prefix list", "ec2:GetManagedPrefixListEntries"),
    "VpcPeeringConnections": ("peering connection", "ec2:DescribeVpcPeeringConnections"),
    "TransitGateways": ("transit gateway", "ec2:DescribeTransitGateways"),
    "TransitGatewayVpcAttachments": ("transit gateway VPC attachment", "ec2:DescribeTransitGatewayVpcAttachments"),
    "TransitGatewayRouteTables": ("transit gateway route table", "ec2:SearchTransitGatewayRoutes"),
    "VpcBlockPublicAccessOptions": ("VPC Block Public Access", "ec2:DescribeVpcBlockPublicAccessOptions"),
    "VpcBlockPublicAccessExclusions": ("VPC Block Public Access exclusions", "ec2:DescribeVpcBlockPublicAccessExclusions"),
    "DhcpOptions": ("DHCP options", "ec2:DescribeDhcpOptions"),
    "Functions": ("function", "lambda:GetFunctionConfiguration"),
    "Tasks": ("task", "ecs:DescribeTasks"),
}
"""How a kind is called, and the permission that reads it."""


class World:
    """The networks that were read, as one. Ids are unique across accounts and Regions, and so a thing is found by its id alone."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self.networks = tuple(networks)
        self._by_id: dict[str, dict[str, tuple[Thing, Network]]] = {}

    def get(self, kind: str, name: str) -> Thing | Gap:
        """Give a thing by its id, or the gap that stands for it."""
        held = self._held(kind).get(name)
        return held[0] if held else self._gap(kind, name)

    def home(self, kind: str, name: str) -> Network | None:
        """Give the network in which a thing was read."""
        held = self._held(kind).get(name)
        return held[1] if held else None

    def all(self, kind: str, **having: Any) -> tuple[Thing, ...]:
        """Give the things of a kind that have these values; what is missing from it `unread` tells."""
        return tuple(thing for thing, _ in self._held(kind).values() if all(thing.get(key) == value for key, value in having.items()))

    def unread(self, kind: str, near: Network | None = None) -> Gap | None:
        """Give the gap where a kind was not read whole, in one network or in any."""
        for network in (near,) if near else self.networks:
            held = network.things.get(kind)
            if not isinstance(held, tuple):
                return self._kind_gap(kind, held)
        return None if self.networks else self._kind_gap(kind, None)

    def _held(self, kind: str) -> Mapping[str, tuple[Thing, Network]]:
        if kind not in self._by_id:
            found: dict[str, tuple[Thing, Network]] = {}
            for network in self.networks:
                held = network.things.get(kind)
                for i, thing in enumerate(held if isinstance(held, tuple) else ()):
                    found.setdefault(str(thing.get(IDS[kind]) or f"{kind}-{i}"), (thing, network))
            self._by_id[kind] = found
        return self._by_id[kind]

    def _gap(self, kind: str, name: str) -> Gap:
        word, permission = _WORDS[kind]
        unread = self.unread(kind)
        if unread is not None:
            return Gap(what=f"{word} {name}", why=unread.why, permission=unread.permission, how=unread.how)
        return Gap(
            what=f"{word} {name}", why="it is not in what was read: it may belong to another account or Region", permission=permission
        )

    def _kind_gap(self, kind: str, held: Gap | None) -> Gap:
        word, permission = _WORDS[kind]
        return held if held is not None else Gap(what=f"{word}s".replace("sss", "ss"), why="not read", permission=permission)

    # what belongs to what

    def route_table(self, subnet: str, vpc: str) -> Thing | Gap:
        """Give the route table of a subnet: its own, or the VPC's main one.

        https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
        """
        tables = self.all("RouteTables")
        own = next((t for t in tables for a in t.get("Associations", ()) if a.get("SubnetId") == subnet), None)
        if own is not None:
            return own
        gap = self.unread("RouteTables", self.home("Subnets", subnet))
        if gap is not None:
            return Gap(what=f"the route table of {subnet}", why=gap.why, permission=gap.permission)
        main = next((t for t in tables if t.get("VpcId") == vpc for a in t.get("Associations", ()) if a.get("Main")), None)
        return main or Gap(
            what=f"the route table of {subnet}", why=f"no route table of {vpc} was read", permission="ec2:DescribeRouteTables"
        )

    def network_acl(self, subnet: str) -> Thing | Gap:
        """Give the network ACL of a subnet: each has exactly one.

        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
        """
        for acl in self.all("NetworkAcls"):
            if any(a.get("SubnetId") == subnet for a in acl.get("Associations", ())):
                return acl
        gap = self.unread("NetworkAcls")
        why, permission = (gap.why, gap.permission) if gap else ("it is not in what was read", "ec2:DescribeNetworkAcls")
        return Gap(what=f"the network ACL of {subnet}", why=why, permission=permission)

    def entries(self, prefix_list: str) -> Ranges | Gap:
        """Give the CIDR blocks of a prefix list."""
        held = self.get("PrefixLists", prefix_list)
        if isinstance(held, Gap):
            return held
        if "Entries" not in held:
            return Gap(what=f"the entries of prefix list {prefix_list}", why="not read", permission="ec2:GetManagedPrefixListEntries")
        return read(entry["Cidr"] for entry in held["Entries"])

    def service_list(self, region: str, service: str) -> Thing | None:
        """Give AWS's own prefix list of a service in a Region (S3, DynamoDB)."""
        name = f"com.amazonaws.{region}.{service}"
        return next(iter(self.all("PrefixLists", PrefixListName=name)), None)

    def cidrs(self, vpc: str, *, ipv6: bool = False) -> Ranges | Gap:
        """Give the CIDR blocks of a VPC, from the VPC itself or from a peering connection that names them."""
        held = self.get("Vpcs", vpc)
        if not isinstance(held, Gap):
            return _cidrs_of(held, ipv6=ipv6)
        for peering in self.all("VpcPeeringConnections"):
            for side in ("AccepterVpcInfo", "RequesterVpcInfo"):
                info = peering.get(side, {})
                if info.get("VpcId") == vpc:
                    sets = info.get("Ipv6CidrBlockSet" if ipv6 else "CidrBlockSet", ())
                    texts = [one.get("Ipv6CidrBlock" if ipv6 else "CidrBlock", "") for one in sets]
                    return read([*texts, *([] if ipv6 or texts else [info.get("CidrBlock", "")])])
        return held


def _cidrs_of(vpc: Thing, *, ipv6: bool) -> Ranges:
    if ipv6:
        return read(one["Ipv6CidrBlock"] for one in vpc.get("Ipv6CidrBlockAssociationSet", ()) if _associated(one, "Ipv6CidrBlockState"))
    held = [one["CidrBlock"] for one in vpc.get("CidrBlockAssociationSet", ()) if _associated(one, "CidrBlockState")]
    return read(held or [vpc.get("CidrBlock", "")])


def _associated(one: Thing, field: str) -> bool:
    return bool(one.get(field, {}).get("State", "associated") == "associated")


def interface_at(world: World, ranges: Ranges, vpc: str | None) -> Thing | None:
    """Give the interface that has this one address."""
    if len(ranges) != 1 or ranges[0].num_addresses != 1:
        return None
    wanted = str(ranges[0].network_address)
    for one in world.all("NetworkInterfaces"):
        if vpc is not None and one.get("VpcId") != vpc:
            continue
        private = {a.get("PrivateIpAddress") for a in one.get("PrivateIpAddresses", ())} | {one.get("PrivateIpAddress")}
        if wanted in private | {a.get("Ipv6Address") for a in one.get("Ipv6Addresses", ())}:
            return one
    return None
