"""The local route: everything inside the VPC, an interface endpoint among it.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.endpoints import interface_hops
from undeny.reach.leg import Leg, Way, arrive, groups_of, interface_at, subnet_at
from undeny.reach.model import Hop
from undeny.reach.names import Resolved

TARGETS = ("local",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """End at the interface that has the address."""
    del route
    vpc = leg.sender.vpc
    held = (resolved.interface if resolved else None) or interface_at(leg.world, leg.ranges, vpc)
    endpoint = resolved.endpoint if resolved else None
    subnet = (held or {}).get("SubnetId") or (resolved.subnet if resolved else None) or subnet_at(leg.world, leg.ranges, vpc)
    if endpoint is not None:
        groups: tuple[str, ...] | Gap = tuple(one["GroupId"] for one in endpoint.get("Groups", ())) or groups_of(held, leg.place)
        hops = interface_hops(leg, endpoint, held) + arrive(leg, held, subnet, groups=groups)
        return Way(via=str(endpoint["VpcEndpointId"]), hops=hops, groups=groups, inside=subnet in (None, leg.sender.subnet))
    groups = groups_of(held, leg.place)
    via = str(held["NetworkInterfaceId"]) if held else "local"
    hops = arrive(leg, held, subnet, groups=groups)
    return Way(via=via, hops=(_who(leg, held, subnet), *hops), groups=groups, inside=subnet in (None, leg.sender.subnet))


def _who(leg: Leg, held: Thing | None, subnet: str | None) -> Hop:
    if held is None:
        gap = Gap(
            what=f"the interface at {leg.place}",
            why="no interface that was read has this address",
            permission="ec2:DescribeNetworkInterfaces",
        )
        return Hop(
            kind="destination",
            id=leg.place,
            verdict="unknown",
            says=f"{leg.place} is in {subnet or 'the VPC'}; whose it is is not known",
            gap=gap,
        )
    what = f" ({held['Description']})" if held.get("Description") else ""
    return Hop(
        kind="destination",
        id=held["NetworkInterfaceId"],
        verdict="open",
        says=f"{leg.place} is {held['NetworkInterfaceId']}{what} in {subnet}",
    )
