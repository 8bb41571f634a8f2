"""Which route a packet takes: the longest prefix, then static before prefix list before propagated.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.addresses import Net, Ranges, read, split
from undeny.reach.world import World

_PROPAGATED = "EnableVgwRoutePropagation"
_TARGETS = (
    "GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId",
    "InstanceId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "OdbNetworkArn",
)  # fmt: skip


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A route to a prefix list whose entries were not read: it may be for these addresses."""

    gap: Gap
    route: Mapping[str, Any]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The route that some of the addresses take: `None` for no route. `part` tells that others take another one."""

    ranges: Ranges
    route: Mapping[str, Any] | None
    part: bool = False


def target(route: Thing) -> str:
    """Give the id of what a route leads to."""
    return next((str(route[field]) for field in _TARGETS if route.get(field)), "")


def destination(route: Thing) -> str:
    """Give the destination of a route as it is written."""
    return str(route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") or route.get("DestinationPrefixListId") or "?")


def choose(
    world: World, routes: tuple[Thing, ...], ranges: Ranges, *, serves: Callable[[Thing], bool | None]
) -> tuple[tuple[Taken, ...], tuple[Unread, ...]]:
    """Give the routes that the addresses take, and those to prefix lists that were not read and might hold some of them.

    `serves` tells of a route to a gateway endpoint whether it is for these addresses whatever its list holds: `True`, `False`, or
    `None` for "look at the list".
    """
    gaps: list[Unread] = []
    known: list[tuple[int, int, Net, Thing]] = []
    for route in routes:
        ours = serves(route)
        if ours is True:
            return (Taken(ranges=ranges, route=route),), ()
        if ours is False:
            continue
        nets = _nets(world, route)
        if isinstance(nets, Gap):
            gaps.append(Unread(gap=nets, route=route))
            continue
        known.extend((-net.prefixlen, _rank(route), net, route) for net in nets)
    known.sort(key=lambda one: one[:2])
    found: dict[int, tuple[Ranges, Thing | None]] = {}
    left = ranges
    for _, _, net, route in known:
        inside, left = split(left, net)
        if inside:
            before = found.get(id(route), ((), route))[0]
            found[id(route)] = (before + inside, route)
        if not left:
            break
    if left:
        found[0] = (left, None)
    return tuple(Taken(ranges=held, route=route, part=len(found) > 1) for held, route in found.values()), tuple(gaps)


def _nets(world: World, route: Thing) -> Ranges | Gap:
    if route.get("DestinationPrefixListId"):
        return world.entries(route["DestinationPrefixListId"])
    return read(filter(None, (route.get("DestinationCidrBlock"), route.get("DestinationIpv6CidrBlock"))))


def _rank(route: Thing) -> int:
    if route.get("Origin") == _PROPAGATED:
        return 2
    return 1 if route.get("DestinationPrefixListId") else 0
