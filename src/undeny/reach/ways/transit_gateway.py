"""A transit gateway: the attachment, its Availability Zones, the table that it is associated with, the route there, and the far VPC.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import addresses, words
from undeny.reach.addresses import Ranges, split
from undeny.reach.far import far_side
from undeny.reach.leg import Leg, Way, acl_hop
from undeny.reach.model import Hop
from undeny.reach.names import Resolved
from undeny.reach.routing import target

TARGETS = ("tgw",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html"


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """End at the interface in the VPC that the transit gateway leads to."""
    del resolved
    name = target(route)
    mine = _attachment(leg, name, leg.sender.vpc)
    if isinstance(mine, Gap):
        return Way(via=name, hops=(_unknown(name, f"how {leg.sender.vpc} is attached to {name} is not known", mine),), groups=mine)
    first = _state(leg, name, mine)
    if first.verdict == "blocked":
        return Way(via=name, hops=(first,))
    hops = [first, *_zone(leg, mine), *_own_acl(leg, mine)]
    found = _route(leg, name, str(mine["TransitGatewayAttachmentId"]), leg.ranges)
    hops.append(found[0])
    if found[0].verdict != "open" or found[1] is None:
        return Way(via=name, hops=tuple(hops))
    return _beyond(leg, name, mine, found[1], tuple(hops))


def _beyond(leg: Leg, name: str, mine: Thing, to: Thing, hops: tuple[Hop, ...]) -> Way:
    if to.get("ResourceType") != "vpc":
        what = f"{to.get('ResourceType', 'attachment')} {to.get('ResourceId', '')}".strip()
        gap = Gap(what=f"what lies behind {what}", why="it is no VPC: undeny does not see beyond it")
        return Way(via=f"{name} → {what}", hops=(*hops, _unknown(name, f"what lies behind {what} is not known", gap)), groups=gap)
    vpc = str(to["ResourceId"])
    theirs = _attachment(leg, name, vpc)
    back = _back(leg, name, theirs)
    gateway = leg.world.get("TransitGateways", name)
    way = Way(via=f"{name} → {vpc}", hops=(*hops, *back), keeps=_keeps(gateway, mine, theirs))
    if isinstance(theirs, Gap):
        return far_side(leg, vpc, way, back=lambda one: target(one) == name)
    return far_side(
        leg, vpc, Way(via=way.via, hops=(*way.hops, *_far_acl(leg, theirs)), keeps=way.keeps), back=lambda one: target(one) == name
    )


def _keeps(gateway: Thing | Gap, mine: Thing, theirs: Thing | Gap) -> bool | None:
    """Tell whether references to security groups hold on the way.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security
    """
    if isinstance(gateway, Gap) or isinstance(theirs, Gap):
        return None
    told = [held.get("Options", {}).get("SecurityGroupReferencingSupport", "disable") for held in (gateway, mine, theirs)]
    return all(one == "enable" for one in told)


def _attachment(leg: Leg, name: str, vpc: str) -> Thing | Gap:
    for one in leg.world.all("TransitGatewayVpcAttachments", TransitGatewayId=name, VpcId=vpc):
        return one
    gap = leg.world.unread("TransitGatewayVpcAttachments")
    return gap or Gap(
        what=f"the attachment of {vpc} to {name}",
        why="it is not in what was read: it may belong to another account",
        permission="ec2:DescribeTransitGatewayVpcAttachments",
    )


def _unknown(name: str, told: str, gap: Gap) -> Hop:
    return Hop(kind="transit-gateway", id=name, verdict="unknown", says=told, gap=gap)


def _state(leg: Leg, name: str, mine: Thing) -> Hop:
    state = mine.get("State", "available")
    attachment = str(mine["TransitGatewayAttachmentId"])
    if state != "available":
        told = f"{attachment} of {leg.sender.vpc} to {name} is {state}"
        return Hop(kind="transit-gateway", id=attachment, verdict="blocked", says=told, code="BAD_STATE_ATTACHMENT")
    return Hop(kind="transit-gateway", id=attachment, verdict="open", says=f"{attachment} attaches {leg.sender.vpc} to {name}")


def _zone(leg: Leg, mine: Thing) -> tuple[Hop, ...]:
    """Check that the attachment has a subnet in the sender's Availability Zone.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    own = leg.world.get("Subnets", leg.sender.subnet)
    zones = [leg.world.get("Subnets", one) for one in mine.get("SubnetIds", ())]
    known = [one.get("AvailabilityZone") for one in zones if not isinstance(one, Gap)]
    if isinstance(own, Gap) or len(known) < len(zones) or not known or own.get("AvailabilityZone") in known:
        return ()
    attachment = str(mine["TransitGatewayAttachmentId"])
    told = f"{attachment} has no subnet in {own.get('AvailabilityZone')}, where {leg.sender.subnet} is"
    hint = {"attachment": attachment, "zone": own.get("AvailabilityZone")}
    return (Hop(kind="transit-gateway", id=attachment, verdict="blocked", says=told, code="TGW_ROUTE_AZ_RESTRICTION", hint=hint),)


def _in_zone(leg: Leg, attachment: Thing, subnet: str) -> str | None:
    own = leg.world.get("Subnets", subnet)
    for one in attachment.get("SubnetIds", ()):
        held = leg.world.get("Subnets", one)
        if not isinstance(held, Gap) and not isinstance(own, Gap) and held.get("AvailabilityZone") == own.get("AvailabilityZone"):
            return str(one)
    return None


def _own_acl(leg: Leg, mine: Thing) -> tuple[Hop, ...]:
    """Check the ACL of the attachment's subnet: inbound for what goes to the gateway, outbound for what comes from it.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    """
    subnet = _in_zone(leg, mine, leg.sender.subnet)
    if subnet is None or subnet == leg.sender.subnet:
        return ()
    inward = acl_hop(leg, subnet, leg.packet(leg.origin), egress=False, answer=False)
    back = acl_hop(leg, subnet, leg.packet(leg.origin, answer=True), egress=True, answer=True)
    return (inward, back)


def _far_acl(leg: Leg, theirs: Thing) -> tuple[Hop, ...]:
    from undeny.reach.leg import subnet_at  # noqa: PLC0415 - only where the far attachment was read

    place = subnet_at(leg.world, leg.ranges, theirs.get("VpcId"))
    subnet = _in_zone(leg, theirs, place) if place else None
    if subnet is None or subnet == place:
        return ()
    outward = acl_hop(leg, subnet, leg.packet(leg.ranges), egress=True, answer=False)
    answer = acl_hop(leg, subnet, leg.packet(leg.ranges, answer=True), egress=False, answer=True)
    return (outward, answer)


def _table(leg: Leg, attachment: str) -> Thing | Gap | None:
    """Give the table that an attachment is associated with; `None` where it surely is with none."""
    for table in leg.world.all("TransitGatewayRouteTables"):
        if any(one.get("TransitGatewayAttachmentId") == attachment for one in table.get("Associations", ())):
            return table
    gap = leg.world.unread("TransitGatewayRouteTables")
    if gap is not None:
        return gap
    if any("Associations" not in one for one in leg.world.all("TransitGatewayRouteTables")):
        return Gap(what="the associations of a transit gateway route table", permission="ec2:GetTransitGatewayRouteTableAssociations")
    return None


def _route(leg: Leg, name: str, attachment: str, ranges: Ranges) -> tuple[Hop, Thing | None]:
    table = _table(leg, attachment)
    if isinstance(table, Gap):
        return _unknown(name, f"which route table of {name} {attachment} uses is not known", table), None
    if table is None:
        owned = not isinstance(leg.world.get("TransitGateways", name), Gap)
        told = f"{attachment} is associated with no route table of {name}"
        if not owned or not leg.world.all("TransitGatewayRouteTables"):
            gap = Gap(what=f"the route tables of {name}", why="they are its owner's", permission="ec2:DescribeTransitGatewayRouteTables")
            return _unknown(name, f"the route tables of {name} are not known", gap), None
        hint = {"attachment": attachment}
        code = "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
        return Hop(kind="transit-gateway", id=attachment, verdict="blocked", says=told, code=code, hint=hint), None
    own = str(table["TransitGatewayRouteTableId"])
    if "Routes" not in table:
        gap = Gap(what=f"the routes of {own}", why="not read", permission="ec2:SearchTransitGatewayRoutes")
        return Hop(kind="transit-gateway", id=own, verdict="unknown", says=f"the routes of {own} are not known", gap=gap), None
    return _longest(own, table, ranges)


def _longest(own: str, table: Thing, ranges: Ranges) -> tuple[Hop, Thing | None]:
    """Take the longest prefix; static before propagated.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview
    """
    fitting = [
        (-net.prefixlen, one.get("Type") == "propagated", one)
        for one in table["Routes"]
        for net in addresses.read([one.get("DestinationCidrBlock", "")])
        if split(ranges, net)[0]
    ]
    fitting.sort(key=lambda held: held[:2])
    if not fitting:
        told = f"{own} has no route to {words.where(ranges)}"
        hint = {"table": own, "to": [str(net) for net in ranges]}
        return Hop(kind="transit-gateway", id=own, verdict="blocked", says=told, code="TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", hint=hint), None
    route = fitting[0][2]
    if route.get("State", "active") != "active":
        told = f"{own}: route {route.get('DestinationCidrBlock')} is a {route.get('State')}"
        return Hop(kind="transit-gateway", id=own, verdict="blocked", says=told, code="TGW_RTB_BAD_STATE_ROUTE", rule=route), None
    to: Thing = next(iter(route.get("TransitGatewayAttachments", ())), {})
    told = f"{own} {route.get('DestinationCidrBlock')} → {to.get('TransitGatewayAttachmentId', '?')} ({to.get('ResourceId', '?')})"
    return Hop(kind="transit-gateway", id=own, verdict="open", says=told, rule=route), to


def _back(leg: Leg, name: str, theirs: Thing | Gap) -> tuple[Hop, ...]:
    """Check that the far attachment's table leads answers back."""
    if isinstance(theirs, Gap):
        return (_unknown(name, f"how the far VPC is attached to {name} is not known", theirs),)
    hop, to = _route(leg, name, str(theirs["TransitGatewayAttachmentId"]), leg.origin)
    if to is not None and to.get("ResourceId") != leg.sender.vpc:
        told = f"{hop.id} sends answers to {to.get('ResourceId')}, not back to {leg.sender.vpc}"
        return (
            Hop(kind="transit-gateway", id=hop.id, direction="return", verdict="blocked", says=told, code="TGW_RTB_MORE_SPECIFIC_ROUTE"),
        )
    says = hop.says if hop.verdict == "open" else f"{hop.says}: the way back"
    return (
        Hop(
            kind="transit-gateway", id=hop.id, direction="return", verdict=hop.verdict, says=says, code=hop.code, gap=hop.gap, hint=hop.hint
        ),
    )
