"""The walk: from a source's interface through its groups, its subnet's ACL and route table to what lies behind the route, and back."""

from collections.abc import Iterator

import msgspec

from undeny import dropins
from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import addresses, words
from undeny.reach.leg import Leg, Way, acl_hop, groups_hop
from undeny.reach.model import Destination, Hop, Path, Question, Source
from undeny.reach.names import Resolved, resolve
from undeny.reach.routing import Taken, choose, target
from undeny.reach.world import World

WAYS = "undeny.reach.ways"


def paths(world: World, source: Source, to: Destination, question: Question, region: str) -> tuple[Path, ...]:
    """Give every way that packets from the source may take to the destination."""
    found: list[Path] = []
    for resolved in resolve(world, source, to, question):
        leg = Leg(world=world, question=question, sender=source, to=to, ranges=resolved.ranges, region=region)
        found.extend(_of(leg, resolved))
    return tuple(found)


def _of(leg: Leg, resolved: Resolved) -> Iterator[Path]:
    def path(hops: tuple[Hop, ...], via: str, when: str = "") -> Path:
        both = " and ".join(filter(None, (leg.to.given, resolved.when, when)))
        return Path(source=leg.sender, destination=leg.to, hops=(*resolved.hops, *hops), via=via, when=both, guessed=resolved.guessed)

    if not resolved.ranges:
        yield path((), str((resolved.endpoint or {}).get("VpcEndpointId", "")))
        return
    leg = msgspec.structs.replace(leg, ranges=_outside(leg))
    if _resolver(leg) or addresses.within(leg.ranges, addresses.LINK_LOCAL):
        yield path((_link_local(leg),), "link-local")
        return
    if leg.sender.interface is not None and leg.sender.interface == (resolved.interface or {}).get("NetworkInterfaceId"):
        yield path((Hop(kind="elsewhere", id=leg.sender.interface, verdict="open", says=f"{leg.place} is the source itself"),), "itself")
        return
    if not leg.origin:
        yield path((_no_address(leg),), "")
        return
    for way, when, first in _ways(leg, resolved):
        yield path(_all_hops(leg, way, first), way.via, when)


def _outside(leg: Leg) -> addresses.Ranges:
    """Take the VPC's own addresses out of "somewhere on the internet": no service of AWS's answers there."""
    ranges = leg.ranges
    if not addresses.is_public(ranges):
        return ranges
    own = leg.world.cidrs(leg.sender.vpc, ipv6=leg.ipv6)
    for net in () if isinstance(own, Gap) else own:
        ranges = addresses.split(ranges, net)[1]
    return ranges


def _resolver(leg: Leg) -> bool:
    """Tell whether this is AWS's resolver at the VPC's base address plus two.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    held = leg.world.get("Vpcs", leg.sender.vpc)
    base = () if isinstance(held, Gap) else addresses.read([held.get("CidrBlock", "")])
    return bool(base) and [str(net) for net in leg.ranges] == [f"{base[0].network_address + 2}/32"]


def _link_local(leg: Leg) -> Hop:
    # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html: neither groups nor ACLs filter these
    told = f"{addresses.text(leg.ranges)} is AWS's own on every host (metadata, DNS, time): no group, ACL or route looks at it"
    return Hop(kind="elsewhere", id="link-local", verdict="open", says=told)


def _no_address(leg: Leg) -> Hop:
    family = "IPv6" if leg.ipv6 else "IPv4"
    told = f"{leg.sender.name} has no {family} address, and {leg.place} is {family}"
    return Hop(kind="source", id=leg.sender.interface or leg.sender.subnet, verdict="blocked", says=told, code="UNASSOCIATED_COMPONENT")


def _all_hops(leg: Leg, way: Way, first: Hop) -> tuple[Hop, ...]:
    """Put the sender's own checks before and after what lies behind the route; a closed way still shows every other block."""
    hops: list[Hop] = []
    if leg.sender.groups is not None:
        packet = leg.packet(leg.ranges, groups=way.groups, keeps=way.keeps)
        hops.append(groups_hop(leg, leg.sender.groups, packet, egress=True, peer=leg.place))
    if not way.inside:
        hops.append(acl_hop(leg, leg.sender.subnet, leg.packet(leg.ranges), egress=True, answer=False))
    hops.append(first)
    hops.extend(way.hops)
    if not way.inside:
        hops.append(acl_hop(leg, leg.sender.subnet, leg.packet(leg.ranges, answer=True), egress=False, answer=True))
    return tuple(hops)


def _ways(leg: Leg, resolved: Resolved) -> Iterator[tuple[Way, str, Hop]]:
    table = leg.world.route_table(leg.sender.subnet, leg.sender.vpc)
    if isinstance(table, Gap):
        told = f"which route {leg.place} takes from {leg.sender.subnet} is not known"
        hop = Hop(kind="route-table", id=leg.sender.subnet, verdict="unknown", says=told, gap=table)
        yield Way(via="?", groups=table, inside=_may_stay(leg)), "", hop
        return
    takes, unread = choose(leg.world, tuple(table.get("Routes", ())), leg.ranges, serves=lambda route: serves(leg, route))
    lists = [str(one.route["DestinationPrefixListId"]) for one in unread]
    for one in unread:
        taken = Taken(ranges=leg.ranges, route=one.route)
        yield behind(leg, taken, None), f"{leg.place} is in {one.route['DestinationPrefixListId']}", route_hop(leg, table, taken, one.gap)
    for taken in takes:
        where = f"its address is in {addresses.text(taken.ranges)}" if taken.part else ""
        no_list = f"{leg.place} is not in {' or '.join(lists)}" if lists else ""
        here = msgspec.structs.replace(leg, ranges=taken.ranges)
        when = " and ".join(filter(None, (where, no_list)))
        yield behind(here, taken, resolved), when, route_hop(here, table, taken, unread[0].gap if unread else None)


def _may_stay(leg: Leg) -> bool:
    """Tell whether the packet may stay in its own subnet, where no ACL looks."""
    own = leg.world.get("Subnets", leg.sender.subnet)
    if isinstance(own, Gap):
        return True
    six = [one["Ipv6CidrBlock"] for one in own.get("Ipv6CidrBlockAssociationSet", ())]
    return addresses.within(leg.ranges, addresses.read([own.get("CidrBlock", ""), *six])) is not False


def serves(leg: Leg, route: Thing) -> bool | None:
    """Tell whether a route to a gateway endpoint is for this destination: AWS's other services have no address in its list."""
    gateway = str(route.get("GatewayId", ""))
    if not gateway.startswith("vpce-") or not route.get("DestinationPrefixListId"):
        return None
    exact = len(leg.ranges) == 1 and leg.ranges[0].num_addresses == 1
    if leg.to.prefix_list is not None and leg.to.prefix_list == route["DestinationPrefixListId"]:
        return True
    held = leg.world.get("VpcEndpoints", gateway)
    if leg.to.service and not isinstance(held, Gap):
        return str(held.get("ServiceName", "")).endswith(f".{leg.to.region}.{leg.to.service}")
    return None if exact or leg.to.service in ("s3", "dynamodb") else False


def route_hop(leg: Leg, table: Thing, taken: Taken, unread: Gap | None) -> Hop:
    """Say which route is taken; no route and a blackhole block."""
    name, hint = (
        str(table["RouteTableId"]),
        {"subnet": leg.sender.subnet, "vpc": leg.sender.vpc, "to": [str(net) for net in taken.ranges[:20]]},
    )
    if unread is not None:
        told = f"{name}: whether a route to a prefix list that was not read is for {leg.place} is not known"
        return Hop(kind="route-table", id=name, verdict="unknown", says=told, gap=unread, rule=taken.route)
    if taken.route is None:
        told = f"{name} has no route to {leg.place}"
        return Hop(kind="route-table", id=name, verdict="blocked", says=told, code="NO_ROUTE_TO_DESTINATION", hint=hint)
    if taken.route.get("State", "active") != "active":
        told = f"{name}: route {words.route(taken.route)} is a blackhole: what it leads to is gone or not in service"
        return Hop(kind="route-table", id=name, verdict="blocked", says=told, code="BAD_STATE_ROUTE", rule=taken.route, hint=hint)
    return Hop(kind="route-table", id=name, verdict="open", says=f"{name} {words.route(taken.route)}", rule=taken.route, hint=hint)


def behind(leg: Leg, taken: Taken, resolved: Resolved | None) -> Way:
    """Walk what lies behind a route."""
    if taken.route is None or taken.route.get("State", "active") != "active":
        return Way(via="no route" if taken.route is None else target(taken.route))
    return follow(leg, taken.route, resolved)


def follow(leg: Leg, route: Thing, resolved: Resolved | None = None) -> Way:
    """Let the file of the route's target walk it; what no file knows is not known."""
    name = target(route)
    kind = name.partition("-")[0].partition(":")[0]
    for module in dropins.load_naming(WAYS, "TARGETS", kind):
        found: Way = module.walk(leg, route, resolved)
        return found
    gap = Gap(what=f"what lies behind {name or 'the route'}", why="undeny does not follow routes there")
    return Way(via=name, hops=(Hop(kind="elsewhere", id=name, verdict="unknown", says=f"what lies behind {name} is not known", gap=gap),))


def onward(leg: Leg, name: str, *, own_table: bool = False) -> tuple[tuple[Hop, ...], str]:
    """Walk on from a NAT gateway: by the route table of its subnet `name`, or by its own where it is a regional one.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    table = leg.world.get("RouteTables", name) if own_table else leg.world.route_table(name, leg.sender.vpc)
    if isinstance(table, Gap):
        told = f"which route {leg.place} takes from {name if not own_table else leg.sender.name} is not known"
        return (Hop(kind="route-table", id=name, verdict="unknown", says=told, gap=table),), "?"
    takes, unread = choose(leg.world, tuple(table.get("Routes", ())), leg.ranges, serves=lambda route: serves(leg, route))
    largest = max(takes, key=lambda one: sum(net.num_addresses for net in one.ranges))
    first = route_hop(leg, table, largest, unread[0].gap if unread else None)
    if first.verdict != "open":
        return (first,), ""
    way = behind(leg, largest, None)
    return (first, *way.hops), way.via
