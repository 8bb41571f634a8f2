"""A way out where there is none: the service's endpoint first, then a NAT gateway that is there, then what has to be made."""

from collections.abc import Iterator
from typing import Any

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import addresses
from undeny.reach.changes._offer import Offer, Place, everywhere
from undeny.reach.model import Step
from undeny.reach.routing import target

KINDS = ("route-table", "nat-gateway", "internet-gateway", "dns")
SOURCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"
_GATEWAYS = ("s3", "dynamodb")
_ALLOCATE = Step(operation="ec2:AllocateAddress", target="the account", parameters={"Domain": "vpc"}, undo="ec2:ReleaseAddress")


def offer(place: Place) -> Iterator[Offer]:
    """Offer what leads there, the narrowest first."""
    hop, source = place.hop, place.path.source
    if hop.direction == "return" or hop.hint.get("EnableDnsSupport"):
        return
    to = place.path.destination
    yield from _attribute(place)
    if to.service and to.region:
        yield from _endpoint(place)
    if hop.kind == "internet-gateway" and hop.hint.get("interface") and not source.managed:
        yield _elastic(str(hop.hint["interface"]))
    if hop.hint.get("private"):
        return
    yield from _nat(place)
    if hop.code == "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS":
        yield from _moved(place)


def _attribute(place: Place) -> Iterator[Offer]:
    """Offer the VPC's attribute without which an endpoint that is there does not answer for the name."""
    vpc = place.path.source.vpc
    for hop in place.path.hops:
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            if hop.kind == "dns" and hop.verdict == "open" and hop.hint.get(name):
                step = Step(operation="ec2:ModifyVpcAttribute", target=vpc, parameters={"VpcId": vpc, name: {"Value": True}})
                yield Offer(
                    title=f"switch {name} of {vpc} on, so that {hop.hint['endpoint']} answers for {place.path.destination.host}",
                    steps=(step,),
                )


def _endpoint(place: Place) -> Iterator[Offer]:
    to, vpc = place.path.destination, place.path.source.vpc
    name = f"com.amazonaws.{to.region}.{to.service}"
    held = [one for one in place.world.all("VpcEndpoints", VpcId=vpc) if one.get("ServiceName") == name]
    gateway = next((one for one in held if one.get("VpcEndpointType", "Gateway") == "Gateway"), None)
    interface = next((one for one in held if one.get("VpcEndpointType") == "Interface"), None)
    home = place.world.home("Vpcs", vpc) or place.world.home("Subnets", place.path.source.subnet)
    if home is not None and home.region != to.region:
        return  # an endpoint serves its own Region: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    if to.service in _GATEWAYS:
        yield from _gateway(place, gateway, name)
    if interface is not None and not interface.get("PrivateDnsEnabled"):
        yield _private_dns(interface, to.host or name)
    if interface is None and to.service not in _GATEWAYS:
        yield _new_interface(place, name)


def _gateway(place: Place, held: Thing | None, name: str) -> Iterator[Offer]:
    table = place.world.route_table(place.path.source.subnet, place.path.source.vpc)
    if isinstance(table, Gap):
        return
    own = str(table["RouteTableId"])
    if held is not None:
        endpoint = str(held["VpcEndpointId"])
        parameters: dict[str, Any] = {"VpcEndpointId": endpoint, "AddRouteTableIds": [own]}
        undo = "ec2:ModifyVpcEndpoint RemoveRouteTableIds"
        step = Step(operation="ec2:ModifyVpcEndpoint", target=endpoint, parameters=parameters, undo=undo)
        yield Offer(title=f"let {own} use the gateway endpoint {endpoint}", steps=(step,))
        return
    vpc = place.path.source.vpc
    parameters = {"VpcId": vpc, "ServiceName": name, "VpcEndpointType": "Gateway", "RouteTableIds": [own]}
    step = Step(operation="ec2:CreateVpcEndpoint", target=vpc, parameters=parameters, undo="ec2:DeleteVpcEndpoints")
    yield Offer(title=f"make a gateway endpoint for {name} in {own} (it costs nothing)", steps=(step,))


def _private_dns(endpoint: Thing, host: str) -> Offer:
    name = str(endpoint["VpcEndpointId"])
    parameters = {"VpcEndpointId": name, "PrivateDnsEnabled": True}
    step = Step(operation="ec2:ModifyVpcEndpoint", target=name, parameters=parameters, undo="ec2:ModifyVpcEndpoint PrivateDnsEnabled=false")
    return Offer(title=f"switch private DNS on for {name}, so that {host} resolves to it", steps=(step,))


def _new_interface(place: Place, name: str) -> Offer:
    source = place.path.source
    short = name.rpartition("com.amazonaws.")[2].replace(".", "-")
    group = f"sg-new-{short}"
    peer: dict[str, Any] = {"UserIdGroupPairs": [{"GroupId": place.groups[0]}]} if place.groups else {
        "IpRanges": [{"CidrIp": str(net)} for net in source.ranges]
    }  # fmt: skip
    made = Step(
        operation="ec2:CreateSecurityGroup",
        target=source.vpc,
        parameters={"GroupName": short, "VpcId": source.vpc, "Description": f"443 in to the endpoint of {name}"},
        undo="ec2:DeleteSecurityGroup",
    )
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}
    opened = Step(
        operation="ec2:AuthorizeSecurityGroupIngress", target=group, parameters={"GroupId": group, "IpPermissions": [rule]},
        undo="ec2:DeleteSecurityGroup",
    )  # fmt: skip
    parameters = {
        "VpcId": source.vpc, "ServiceName": name, "VpcEndpointType": "Interface", "SubnetIds": [source.subnet], "SecurityGroupIds": [group],
        "PrivateDnsEnabled": True,
    }  # fmt: skip
    step = Step(operation="ec2:CreateVpcEndpoint", target=source.vpc, parameters=parameters, undo="ec2:DeleteVpcEndpoints")
    return Offer(
        title=f"make an interface endpoint for {name} in {source.subnet}", steps=(made, opened, step),
        costs="an interface endpoint is charged by the hour and zone",
    )  # fmt: skip


def _elastic(interface: str) -> Offer:
    parameters = {"NetworkInterfaceId": interface, "AllocationId": "eipalloc-new"}
    step = Step(operation="ec2:AssociateAddress", target=interface, parameters=parameters, undo="ec2:DisassociateAddress")
    return Offer(
        title=f"give {interface} an Elastic IP address",
        steps=(_ALLOCATE, step),
        wider="it becomes reachable from the internet as far as its groups allow",
        costs="a public IPv4 address is charged by the hour",
    )


def _nat(place: Place) -> Iterator[Offer]:
    """Offer a default route, or one for the very address, to a NAT gateway of the VPC that is in service."""
    source, six = place.path.source, place.question.ipv6
    if six or source.groups is None:
        return
    failed = place.hop.hint.get("nat")
    good = [
        n for n in place.world.all("NatGateways", VpcId=source.vpc, State="available") if n["NatGatewayId"] != failed and _public(place, n)
    ]
    table = place.world.route_table(source.subnet, source.vpc)
    if isinstance(table, Gap) or place.hop.kind == "dns" or place.hop.code == "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS":
        return
    if good:
        yield _through(place, table, str(good[0]["NatGatewayId"]), ())
        return
    public = _public_subnet(place)
    if public is not None:
        parameters = {"SubnetId": public, "AllocationId": "eipalloc-new", "ConnectivityType": "public"}
        made = Step(operation="ec2:CreateNatGateway", target=public, parameters=parameters, undo="ec2:DeleteNatGateway")
        yield _through(place, table, "nat-new", (_ALLOCATE, made))


def _through(place: Place, table: Thing, nat: str, before: tuple[Step, ...]) -> Offer:
    exact = place.path.destination.ranges if len(place.path.destination.ranges) == 1 else ()
    broken = next((one for one in (place.hop.rule,) if one and place.hop.code == "BAD_STATE_ROUTE"), None)
    cidr = str((broken or {}).get("DestinationCidrBlock") or (exact[0] if exact else everywhere(ipv6=False)))
    if place.hop.kind == "nat-gateway":
        broken = next((one for one in table.get("Routes", ()) if target(one) == place.hop.hint.get("nat")), None)
        cidr = str((broken or {}).get("DestinationCidrBlock", cidr))
    name = "ReplaceRoute" if broken else "CreateRoute"
    parameters = {"RouteTableId": table["RouteTableId"], "DestinationCidrBlock": cidr, "NatGatewayId": nat}
    step = Step(
        operation=f"ec2:{name}",
        target=str(table["RouteTableId"]),
        parameters=parameters,
        undo="ec2:ReplaceRoute" if broken else "ec2:DeleteRoute",
    )
    open_wide = addresses.read([cidr])[0].prefixlen == 0 and not broken
    title = f"route {cidr} of {table['RouteTableId']} to {'a new NAT gateway' if before else nat}"
    return Offer(
        title=title, steps=(*before, step), wider="everything in the subnet gets a way out to the internet" if open_wide else "",
        costs="a NAT gateway is charged by the hour and by traffic" if before else "",
    )  # fmt: skip


def _public(place: Place, nat: Thing) -> bool:
    if nat.get("ConnectivityType", "public") != "public":
        return False
    return _leads_to(place, str(nat.get("SubnetId")), str(nat.get("VpcId")), "igw")


def _leads_to(place: Place, subnet: str, vpc: str, kind: str) -> bool:
    table = place.world.route_table(subnet, vpc)
    if isinstance(table, Gap):
        return False
    routes = [r for r in table.get("Routes", ()) if r.get("DestinationCidrBlock") == "0.0.0.0/0" and r.get("State", "active") == "active"]
    return any(target(one).startswith(kind) for one in routes)


def _public_subnet(place: Place) -> str | None:
    vpc = place.path.source.vpc
    found = (str(one["SubnetId"]) for one in place.world.all("Subnets", VpcId=vpc) if _leads_to(place, str(one["SubnetId"]), vpc, "igw"))
    return next((one for one in found if one != place.path.source.subnet), None)


def _moved(place: Place) -> Iterator[Offer]:
    """Offer a function the subnets of its VPC that lead to a NAT gateway.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
    """
    source = place.path.source
    function = place.world.get("Functions", source.name)
    if isinstance(function, Gap):
        return
    good = [
        str(o["SubnetId"]) for o in place.world.all("Subnets", VpcId=source.vpc) if _leads_to(place, str(o["SubnetId"]), source.vpc, "nat")
    ]
    if good:
        own = {"SubnetIds": good, "SecurityGroupIds": list(place.groups)}
        name = str(function["FunctionName"])
        step = Step(
            operation="lambda:UpdateFunctionConfiguration", target=name, parameters={"FunctionName": name, "VpcConfig": own},
            undo="lambda:UpdateFunctionConfiguration",
        )  # fmt: skip
        yield Offer(
            title=f"move {name} to {', '.join(good)}, whose default route is a NAT gateway",
            steps=(step,),
            wider="the function reaches the internet",
        )
