"""The far VPC: whose address it is there, its filters, and its route back."""

from collections.abc import Callable

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import words
from undeny.reach.leg import Leg, Way, arrive, groups_of, interface_at, subnet_at
from undeny.reach.model import Hop
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
    if target(wrong.route).partition("-")[0] in ("igw", "nat", "local") or wrong.route.get("State", "active") != "active":
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
