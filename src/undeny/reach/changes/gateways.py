"""What one gateway lacks: DNS of the VPC, an attachment, an exclusion, an acceptance, a route on or back."""

from collections.abc import Iterator
from typing import Any

from undeny.reach.changes._offer import Offer, Place, everywhere
from undeny.reach.model import Step

KINDS = ("dns", "internet-gateway", "block-public-access", "peering", "interface", "route-table", "transit-gateway", "nat-gateway")
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"


def offer(place: Place) -> Iterator[Offer]:
    """Offer the one setting that is missing."""
    hint, kind = place.hop.hint, place.hop.kind
    if kind == "dns":
        yield from _dns(place)
    if kind == "block-public-access":
        yield _excluded(place)
    if "attach" in hint:
        yield _one(
            "ec2:AttachInternetGateway", str(hint["attach"]), {"InternetGatewayId": hint["attach"], "VpcId": hint["vpc"]}, "attach it"
        )
    if hint.get("status") == "pending-acceptance":
        parameters = {"VpcPeeringConnectionId": place.hop.id}
        yield _one("ec2:AcceptVpcPeeringConnection", place.hop.id, parameters, f"accept the peering connection {place.hop.id}")
    if place.hop.code == "ENI_SOURCE_DEST_CHECK_RESTRICTION":
        name = str(hint["interface"])
        off: dict[str, Any] = {"NetworkInterfaceId": name, "SourceDestCheck": {"Value": False}}
        yield _one("ec2:ModifyNetworkInterfaceAttribute", name, off, f"switch the source/destination check of {name} off")
    if kind == "route-table" and "back" in hint:
        yield from _back(place)
    if place.hop.code in ("NO_ROUTE_TO_DESTINATION", "BAD_STATE_ROUTE") and kind == "route-table" and "back" not in hint:
        yield from _onward(place)
    if kind == "transit-gateway":
        yield from _transit(place)


def _one(operation: str, target: str, parameters: dict[str, Any], title: str, *, guard: str = "", wider: str = "") -> Offer:  # noqa: PLR0913 - the parts of a one-step offer
    return Offer(title=title, steps=(Step(operation=operation, target=target, parameters=parameters),), guard=guard, wider=wider)


def _dns(place: Place) -> Iterator[Offer]:
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if place.hop.hint.get(name):
            vpc = place.path.source.vpc
            yield _one("ec2:ModifyVpcAttribute", vpc, {"VpcId": vpc, name: {"Value": True}}, f"switch {name} of {vpc} on")


def _excluded(place: Place) -> Offer:
    hint = place.hop.hint
    subnet, mode = str(hint["subnet"]), str(hint["mode"])
    owner = "the organisation's declarative policy" if hint.get("managed") == "declarative-policy" else "whoever runs the account"
    return _one(
        "ec2:CreateVpcBlockPublicAccessExclusion", subnet, {"SubnetId": subnet, "InternetGatewayExclusionMode": mode},
        f"exclude {subnet} from VPC Block Public Access ({mode})", guard=f"VPC Block Public Access is a guard of {owner}: ask first",
        wider="everything in that subnet is excluded",
    )  # fmt: skip


def _back(place: Place) -> Iterator[Offer]:
    """Add the route that answers take in the far VPC."""
    gate = next((one.id for one in place.path.hops if one.kind == "peering"), None)
    field = "VpcPeeringConnectionId"
    if gate is None:
        gate = next((one for one in place.path.via.split(" → ") if one.startswith("tgw-")), None)
        field = "TransitGatewayId"
    if gate is None:
        return
    for cidr in place.hop.hint["back"]:
        key = "DestinationIpv6CidrBlock" if ":" in cidr else "DestinationCidrBlock"
        parameters = {"RouteTableId": place.hop.id, key: cidr, field: gate}
        yield _one("ec2:CreateRoute", place.hop.id, parameters, f"route {cidr} of {place.hop.id} back to {gate}")


def _onward(place: Place) -> Iterator[Offer]:
    """Lead a subnet to what its VPC has: a peering or transit gateway for an address there, an internet gateway for a public one."""
    hint, source, world = place.hop.hint, place.path.source, place.world
    table = place.hop.id
    to = [str(one) for one in hint.get("to", ())]
    if not place.question.ipv6:
        for peering in world.all("VpcPeeringConnections"):
            yield from _to_peer(place, peering, table)
    nat_table = place.hop.kind == "route-table" and hint.get("subnet") not in (None, source.subnet)
    if nat_table or source.public or place.question.ipv6:
        kinds = [("InternetGateways", "InternetGatewayId", "GatewayId")]
        if place.question.ipv6:
            kinds.insert(0, ("EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId", "EgressOnlyInternetGatewayId"))
        for kind, field, key in kinds:
            held = next((o for o in world.all(kind) if any(a.get("VpcId") == source.vpc for a in o.get("Attachments", ()))), None)
            if held is not None:
                cidr = to[0] if len(to) == 1 else everywhere(ipv6=place.question.ipv6)
                name = "DestinationIpv6CidrBlock" if ":" in cidr else "DestinationCidrBlock"
                parameters = {"RouteTableId": table, name: cidr, key: held[field]}
                wider = "everything in the subnet that has a public address gets a way out" if cidr.endswith("/0") else ""
                yield _one("ec2:CreateRoute", table, parameters, f"route {cidr} of {table} to {held[field]}", wider=wider)


def _to_peer(place: Place, peering: Any, table: str) -> Iterator[Offer]:
    from undeny.reach import addresses  # noqa: PLC0415 - only where there is a peering connection

    vpc = place.path.source.vpc
    sides = [peering.get(side, {}) for side in ("RequesterVpcInfo", "AccepterVpcInfo")]
    far: dict[str, Any] = next((one for one in sides if one.get("VpcId") != vpc), {})
    if not any(one.get("VpcId") == vpc for one in sides):
        return
    ranges = addresses.read(place.hop.hint.get("to", ()))
    for net in addresses.read([far.get("CidrBlock", ""), *(one.get("CidrBlock", "") for one in far.get("CidrBlockSet", ()))]):
        if addresses.within(ranges, [net]):
            name = peering["VpcPeeringConnectionId"]
            exact = str(ranges[0]) if len(ranges) == 1 else str(net)
            parameters = {"RouteTableId": table, "DestinationCidrBlock": exact, "VpcPeeringConnectionId": name}
            yield _one("ec2:CreateRoute", table, parameters, f"route {exact} of {table} to {name}")
            return


def _transit(place: Place) -> Iterator[Offer]:
    hint, world = place.hop.hint, place.world
    if place.hop.code == "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION":
        for table in world.all("TransitGatewayRouteTables")[:1]:
            name = str(table["TransitGatewayRouteTableId"])
            parameters = {"TransitGatewayRouteTableId": name, "TransitGatewayAttachmentId": hint["attachment"]}
            yield _one("ec2:AssociateTransitGatewayRouteTable", name, parameters, f"associate {hint['attachment']} with {name}")
    if place.hop.code == "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT":
        yield from _transit_route(place)
    if place.hop.code == "TGW_ROUTE_AZ_RESTRICTION":
        name, subnet = str(hint["attachment"]), place.path.source.subnet
        parameters = {"TransitGatewayAttachmentId": name, "AddSubnetIds": [subnet]}
        yield _one("ec2:ModifyTransitGatewayVpcAttachment", name, parameters, f"add a subnet in {hint['zone']} to {name}")


def _transit_route(place: Place) -> Iterator[Offer]:
    from undeny.reach.addresses import read  # noqa: PLC0415 - as above
    from undeny.reach.leg import subnet_at  # noqa: PLC0415 - only where a transit gateway lacks a route

    table = str(place.hop.hint["table"])
    for cidr in place.hop.hint["to"][:1]:
        for attachment in place.world.all("TransitGatewayVpcAttachments"):
            if subnet_at(place.world, read([cidr]), attachment.get("VpcId")):
                name = str(attachment["TransitGatewayAttachmentId"])
                parameters = {"TransitGatewayRouteTableId": table, "DestinationCidrBlock": cidr, "TransitGatewayAttachmentId": name}
                yield _one("ec2:CreateTransitGatewayRoute", table, parameters, f"route {cidr} of {table} to {name}")
                return
