"""An instance or interface as the target of a route: a NAT instance, a firewall.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.leg import Leg, Way, acl_hop, groups_hop
from undeny.reach.model import Hop
from undeny.reach.names import Resolved
from undeny.reach.routing import target

TARGETS = ("eni", "i")
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html"


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """Go as far as the appliance's own interface: what it does with a packet, no setting of AWS's says."""
    del resolved
    name = str(route.get("NetworkInterfaceId") or target(route))
    held = _interface(leg, name)
    if isinstance(held, Gap):
        return Way(via=name, hops=(Hop(kind="interface", id=name, verdict="unknown", says=f"{name} was not read", gap=held),))
    subnet = str(held.get("SubnetId"))
    hops = []
    if held.get("SourceDestCheck", True):
        told = f"{name} has its source/destination check on: it drops what is not for itself"
        hint = {"interface": held["NetworkInterfaceId"]}
        hops.append(Hop(kind="interface", id=name, verdict="blocked", says=told, code="ENI_SOURCE_DEST_CHECK_RESTRICTION", hint=hint))
    if subnet != leg.sender.subnet:
        hops.append(acl_hop(leg, subnet, leg.packet(leg.origin), egress=False, answer=False))
    mine = leg.sender.groups if leg.sender.groups is not None else ()
    groups = tuple(group["GroupId"] for group in held.get("Groups", ()))
    hops.append(groups_hop(leg, groups, leg.packet(leg.origin, groups=mine), egress=False, peer=leg.sender.name))
    gap = Gap(what=f"what {name} does with the packet", why="an appliance decides by rules of its own")
    hops.append(Hop(kind="elsewhere", id=name, verdict="unknown", says=f"{name} is an appliance: what it passes on is not known", gap=gap))
    return Way(via=name, hops=tuple(hops), groups=(), inside=False)


def _interface(leg: Leg, name: str) -> Thing | Gap:
    if name.startswith("eni-"):
        return leg.world.get("NetworkInterfaces", name)
    for one in leg.world.all("NetworkInterfaces"):
        if one.get("Attachment", {}).get("InstanceId") == name:
            return one
    return leg.world.get("Instances", name)
