"""A peering connection: active, to an address of the other VPC itself, and back.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import addresses
from undeny.reach.far import far_side
from undeny.reach.leg import Leg, Way
from undeny.reach.model import Hop
from undeny.reach.names import Resolved
from undeny.reach.routing import target

TARGETS = ("pcx",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """End at the interface in the other VPC."""
    del resolved
    name = target(route)
    held = leg.world.get("VpcPeeringConnections", name)
    if isinstance(held, Gap):
        return Way(via=name, hops=(Hop(kind="peering", id=name, verdict="unknown", says=f"{name} was not read", gap=held),), groups=held)
    status = held.get("Status", {}).get("Code", "active")
    if status != "active":
        told = f"{name} is {status}: it carries nothing"
        return Way(via=name, hops=(Hop(kind="peering", id=name, verdict="blocked", says=told, code="BAD_STATE", hint={"status": status}),))
    near, far = held.get("RequesterVpcInfo", {}), held.get("AccepterVpcInfo", {})
    if near.get("VpcId") != leg.sender.vpc:
        near, far = far, near
    if leg.passed:
        told = f"{leg.sender.name} sends only what starts in its own VPC on; nothing goes through {name} behind it and back"
        gap = Gap(what=f"whether {name} takes what comes from {leg.sender.name}", why="undeny does not follow a NAT gateway into a peering")
        return Way(via=name, hops=(Hop(kind="peering", id=name, verdict="unknown", says=told, gap=gap),))
    vpc = str(far.get("VpcId"))
    cidrs = leg.world.cidrs(vpc, ipv6=leg.ipv6)
    if not isinstance(cidrs, Gap) and cidrs and not addresses.within(leg.ranges, cidrs):
        told = f"{leg.place} is not an address of {vpc}: {name} does not lead through that VPC to somewhere else"
        return Way(via=name, hops=(Hop(kind="peering", id=name, verdict="blocked", says=told, code="PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"),))
    same = near.get("Region") == far.get("Region")
    hop = Hop(
        kind="peering",
        id=name,
        verdict="open",
        says=f"{name} is active, to {vpc} in {far.get('OwnerId', 'an account')}, {far.get('Region')}",
    )
    # https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html: not across Regions
    way = Way(via=name, hops=(hop,), keeps=same)
    return far_side(leg, vpc, way, back=lambda one: target(one) == name)
