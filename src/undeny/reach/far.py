"""The far VPC: whose address it is there, its filters, and its route back."""

from collections.abc import Callable

import msgspec

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import addresses, words
from undeny.reach.leg import Leg, Way, arrive, groups_of, interface_at, subnet_at
from undeny.reach.model import Hop
from undeny.reach.public_access import public_access_hop
from undeny.reach.routing import choose, target


def far_side(leg: Leg, vpc: str, way: Way, *, back: Callable[[Thing], bool]) -> Way:
    """Add the checks in the other VPC to what led there. `back` tells of a route there whether it leads the answers back."""
    held = interface_at(leg.world, leg.ranges, vpc)
    subnet = (held or {}).get("SubnetId") or subnet_at(leg.world, leg.ranges, vpc)
    groups = groups_of(held, f"{leg.place} in {vpc}")
    if subnet is None:
        gap = Gap(
            what=f"the subnets of {vpc}",
            why="they are not in what was read: read with a profile of its account too",
            permission="ec2:DescribeSubnets",
        )
        told = f"what {vpc} lets through is not known: it was not read"
        return _with(way, (Hop(kind="elsewhere", id=vpc, verdict="unknown", says=told, gap=gap),), groups)
    return _with(way, (*arrive(leg, held, subnet, groups=groups, keeps=way.keeps), _route_back(leg, str(subnet), vpc, back)), groups)


def _with(way: Way, hops: tuple[Hop, ...], groups: tuple[str, ...] | Gap) -> Way:
    return Way(via=way.via, hops=(*way.hops, *hops), groups=groups, keeps=way.keeps)


def _route_back(leg: Leg, subnet: str, vpc: str, back: Callable[[Thing], bool]) -> Hop:
    """Look for the route that the answers take."""
    table = leg.world.route_table(subnet, vpc)
    peer = words.where(leg.origin, leg.sender.name)
    if isinstance(table, Gap):
        told = f"whether {subnet} has a route back to {peer} is not known"
        return Hop(kind="route-table", id=subnet, direction="return", verdict="unknown", says=told, gap=table)
    name = str(table["RouteTableId"])
    takes, gaps = choose(leg.world, tuple(table.get("Routes", ())), leg.origin, serves=lambda _: None)
    hint = {"back": [str(net) for net in leg.origin], "vpc": vpc}
    wrong = next(
        (taken for taken in takes if taken.route is None or not back(taken.route) or taken.route.get("State", "active") != "active"), None
    )
    if gaps:
        told = f"whether {name} leads answers back to {peer} is not known"
        return Hop(kind="route-table", id=name, direction="return", verdict="unknown", says=told, gap=gaps[0].gap)
    if wrong is None:
        told = f"{name} {words.route(takes[0].route or {})}"
        return Hop(kind="route-table", id=name, direction="return", verdict="open", says=told, rule=takes[0].route)
    if wrong.route is None:
        told = f"{name} of {subnet} has no route back to {peer}: answers are dropped"
        return Hop(kind="route-table", id=name, direction="return", verdict="blocked", says=told, code="NO_ROUTE_TO_DESTINATION", hint=hint)
    told = f"{name} of {subnet} sends answers to {peer} by {words.route(wrong.route)}, not back the way they came"
    if target(wrong.route).partition("-")[0] in ("igw", "eigw", "nat", "local") or wrong.route.get("State", "active") != "active":
        return Hop(
            kind="route-table",
            id=name,
            direction="return",
            verdict="blocked",
            says=told,
            code="NO_ROUTE_TO_DESTINATION",
            rule=wrong.route,
            hint=hint,
        )
    gap = Gap(what=f"where {target(wrong.route)} takes the answers", why="the way back differs from the way there")
    return Hop(kind="route-table", id=name, direction="return", verdict="unknown", says=told, rule=wrong.route, gap=gap)


def past_the_gate(leg: Leg, via: str, out: tuple[Hop, ...]) -> Way:
    """End on the internet, or come back in to an address of our own: as far as the interfaces were read."""
    held = _our_own(leg)
    if held is not None:
        return Way(via=f"{via} → {held['NetworkInterfaceId']}", hops=(*out, *_from_internet(leg, held)))
    unread = leg.world.unread("NetworkInterfaces")
    exact = len(leg.ranges) == 1 and leg.ranges[0].num_addresses == 1
    if unread is None or not exact:
        return Way(via=via, hops=out)
    told = f"whether {leg.place} is one of our own interfaces' is not known"
    return Way(via=via, hops=(*out, Hop(kind="destination", id=leg.place, verdict="unknown", says=told, gap=unread)))


def _our_own(leg: Leg) -> Thing | None:
    """Give the interface that was read whose public address the packet goes to: of IPv6, its own address."""
    if len(leg.ranges) != 1 or leg.ranges[0].num_addresses != 1:
        return None
    if leg.ipv6:
        return interface_at(leg.world, leg.ranges, None)
    wanted = str(leg.ranges[0].network_address)
    return next((one for one in leg.world.all("NetworkInterfaces") if one.get("Association", {}).get("PublicIp") == wanted), None)


def _from_internet(leg: Leg, held: Thing) -> tuple[Hop, ...]:
    """Check the far end as the internet reaches it: it sees a public address, and so no reference to the sender's groups holds.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
    """
    vpc, subnet = str(held.get("VpcId")), str(held.get("SubnetId"))
    told = f"{leg.place} is a public address of {held['NetworkInterfaceId']} in {subnet}"
    who = Hop(kind="destination", id=str(held["NetworkInterfaceId"]), verdict="open", says=told)
    own = addresses.read([leg.sender.public_address]) if leg.sender.public_address else addresses.public()
    seen = msgspec.structs.replace(leg.sender, ranges=own, subnet="", groups=())
    far = msgspec.structs.replace(leg, sender=seen)
    there = msgspec.structs.replace(leg, sender=msgspec.structs.replace(seen, subnet=subnet, vpc=vpc), passed=())
    gate = _gate(leg, vpc)
    guard = public_access_hop(there, by="igw")
    back = _route_back(far, subnet, vpc, lambda one: target(one).startswith("igw-"))
    return (who, gate, *guard, *arrive(far, held, subnet, groups=groups_of(held, leg.place), keeps=False), back)


def _gate(leg: Leg, vpc: str) -> Hop:
    for one in leg.world.all("InternetGateways"):
        if any(a.get("VpcId") == vpc and a.get("State", "available") in ("available", "attached") for a in one.get("Attachments", ())):
            told = f"{one['InternetGatewayId']} lets it in to {vpc}"
            return Hop(kind="internet-gateway", id=str(one["InternetGatewayId"]), direction="in", verdict="open", says=told)
    gap = leg.world.unread("InternetGateways")
    if gap is not None:
        told = f"whether {vpc} has an internet gateway is not known"
        return Hop(kind="internet-gateway", id=vpc, direction="in", verdict="unknown", says=told, gap=gap)
    told = f"{vpc} has no internet gateway: nothing comes in to it from the internet"
    code = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
    return Hop(kind="internet-gateway", id=vpc, direction="in", verdict="blocked", says=told, code=code, hint={"private": True})
