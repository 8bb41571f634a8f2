"""Carries a step out on what was read, as AWS would on the network itself: so a change is tried before anybody makes it."""

from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any

import msgspec

from undeny.evidence.model import Gap
from undeny.evidence.network import IDS, Network, Thing
from undeny.reach.model import Step

_Things = dict[str, list[dict[str, Any]]]
_FAR = 11
"""Which address of a subnet a new interface is given here: AWS keeps the first four."""


def applied(networks: tuple[Network, ...], step: Step) -> tuple[Network, ...]:
    """Give the networks after a step; where none of them holds what it changes, they are as they were."""
    change = _OPERATIONS[step.operation.partition(":")[2]]
    return tuple(_in(network, change, step.parameters) for network in networks)


def _in(network: Network, change: "Callable[[_Things, Mapping[str, Any], Network], None]", told: Mapping[str, Any]) -> Network:
    things: _Things = {kind: [dict(one) for one in held] for kind, held in network.things.items() if not isinstance(held, Gap)}
    change(things, told, network)
    changed: dict[str, tuple[Thing, ...] | Gap] = {**network.things, **{kind: tuple(held) for kind, held in things.items()}}
    return msgspec.structs.replace(network, things=changed)


def _find(things: _Things, kind: str, name: Any) -> dict[str, Any] | None:
    return next((one for one in things.get(kind, ()) if one.get(IDS[kind]) == name), None)


def _group_rule(field: str) -> "Callable[[_Things, Mapping[str, Any], Network], None]":
    def change(things: _Things, told: Mapping[str, Any], _: Network) -> None:
        held = _find(things, "SecurityGroups", told["GroupId"])
        if held is not None:
            held[field] = [*held.get(field, ()), *told["IpPermissions"]]

    return change


def _acl_entry(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "NetworkAcls", told["NetworkAclId"])
    if held is not None:
        held["Entries"] = [*held.get("Entries", ()), {key: value for key, value in told.items() if key != "NetworkAclId"}]


def _destination(route: Mapping[str, Any]) -> Any:
    return next(
        (route[key] for key in ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId") if route.get(key)), None
    )


def _route(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "RouteTables", told["RouteTableId"])
    if held is not None:
        new = {key: value for key, value in told.items() if key != "RouteTableId"} | {"State": "active", "Origin": "CreateRoute"}
        held["Routes"] = [*(one for one in held.get("Routes", ()) if _destination(one) != _destination(new)), new]


def _endpoint(things: _Things, told: Mapping[str, Any], network: Network) -> None:
    if not _find(things, "Vpcs", told["VpcId"]) and not any(one.get("VpcId") == told["VpcId"] for one in things.get("Subnets", ())):
        return
    kind = told["VpcEndpointType"]
    new: dict[str, Any] = {"VpcEndpointId": f"vpce-new-{kind.lower()}", "State": "available", **told}
    things.setdefault("VpcEndpoints", []).append(new)
    if kind == "Gateway":
        new["RouteTableIds"] = []
        _to_tables(things, new, told["RouteTableIds"], network)
        return
    new["Groups"] = [{"GroupId": one} for one in told.get("SecurityGroupIds", ())]
    new["NetworkInterfaceIds"] = []
    for subnet in told["SubnetIds"]:
        held = _find(things, "Subnets", subnet)
        if held is None:
            continue
        name = f"eni-new-{subnet}"
        address = str(ip_network(held["CidrBlock"])[_FAR])
        own = {"VpcId": told["VpcId"], "InterfaceType": "vpc_endpoint", "Groups": new["Groups"], "PrivateIpAddress": address}
        things.setdefault("NetworkInterfaces", []).append({"NetworkInterfaceId": name, "SubnetId": subnet, **own})
        new["NetworkInterfaceIds"].append(name)


def _to_tables(things: _Things, endpoint: dict[str, Any], tables: list[str], network: Network) -> None:
    """Put the endpoint's route into route tables, as AWS does by itself."""
    name = endpoint["VpcEndpointId"]
    endpoint["RouteTableIds"] = [*endpoint.get("RouteTableIds", ()), *tables]
    list_id = _list_of(things, endpoint, network)
    for table in tables:
        held = _find(things, "RouteTables", table)
        if held is not None:
            held["Routes"] = [*held.get("Routes", ()), {"DestinationPrefixListId": list_id, "GatewayId": name, "State": "active"}]


def _list_of(things: _Things, endpoint: Mapping[str, Any], network: Network) -> str:
    del network
    for one in things.get("PrefixLists", ()):
        if one.get("PrefixListName") == endpoint.get("ServiceName"):
            return str(one["PrefixListId"])
    for table in things.get("RouteTables", ()):
        for route in table.get("Routes", ()):
            if route.get("GatewayId") == endpoint["VpcEndpointId"] and route.get("DestinationPrefixListId"):
                return str(route["DestinationPrefixListId"])
    return f"pl-of-{endpoint.get('ServiceName')}"


def _modify_endpoint(things: _Things, told: Mapping[str, Any], network: Network) -> None:
    held = _find(things, "VpcEndpoints", told["VpcEndpointId"])
    if held is None:
        return
    if "PrivateDnsEnabled" in told:
        held["PrivateDnsEnabled"] = told["PrivateDnsEnabled"]
        held["DnsOptions"] = {**held.get("DnsOptions", {}), "PrivateDnsOnlyForInboundResolverEndpoint": False}
    if told.get("AddRouteTableIds"):
        _to_tables(things, held, told["AddRouteTableIds"], network)


def _group(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    if _find(things, "Vpcs", told["VpcId"]) or any(one.get("VpcId") == told["VpcId"] for one in things.get("Subnets", ())):
        new = {"GroupId": f"sg-new-{told['GroupName']}", "GroupName": told["GroupName"], "VpcId": told["VpcId"], "IpPermissions": []}
        things.setdefault("SecurityGroups", []).append({**new, "IpPermissionsEgress": []})


def _allocate(things: _Things, _: Mapping[str, Any], __: Network) -> None:
    things.setdefault("Addresses", []).append({"AllocationId": "eipalloc-new"})


def _address(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "NetworkInterfaces", told["NetworkInterfaceId"])
    if held is not None and things.get("Addresses"):
        held["Association"] = {"PublicIp": "an Elastic IP"}


def _vpc_attribute(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "Vpcs", told["VpcId"])
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if held is not None and name in told:
            held[name] = told[name]["Value"]


def _interface_attribute(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "NetworkInterfaces", told["NetworkInterfaceId"])
    if held is not None:
        held["SourceDestCheck"] = told["SourceDestCheck"]["Value"]


def _exclusion(things: _Things, told: Mapping[str, Any], network: Network) -> None:
    if _find(things, "Subnets", told["SubnetId"]):
        arn = f"arn:aws:ec2:{network.region}:{network.account}:subnet/{told['SubnetId']}"
        mode = told["InternetGatewayExclusionMode"]
        new = {"ExclusionId": "vpcbpa-exclude-new", "ResourceArn": arn, "InternetGatewayExclusionMode": mode, "State": "create-complete"}
        things.setdefault("VpcBlockPublicAccessExclusions", []).append(new)


def _accept(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "VpcPeeringConnections", told["VpcPeeringConnectionId"])
    if held is not None:
        held["Status"] = {"Code": "active"}


def _attach(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "InternetGateways", told["InternetGatewayId"])
    if held is not None:
        held["Attachments"] = [{"VpcId": told["VpcId"], "State": "available"}]


def _nat(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "Subnets", told["SubnetId"])
    if held is not None and things.get("Addresses"):
        address = {"PrivateIp": str(ip_network(held["CidrBlock"])[_FAR]), "PublicIp": "an Elastic IP"}
        new = {"NatGatewayId": "nat-new", "SubnetId": told["SubnetId"], "VpcId": held["VpcId"], "State": "available"}
        things.setdefault("NatGateways", []).append({**new, "ConnectivityType": "public", "NatGatewayAddresses": [address]})


def _tgw_association(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "TransitGatewayRouteTables", told["TransitGatewayRouteTableId"])
    if held is not None:
        new = {"TransitGatewayAttachmentId": told["TransitGatewayAttachmentId"], "State": "associated"}
        held["Associations"] = [*held.get("Associations", ()), new]


def _tgw_route(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "TransitGatewayRouteTables", told["TransitGatewayRouteTableId"])
    to = _find(things, "TransitGatewayVpcAttachments", told["TransitGatewayAttachmentId"])
    if held is not None and to is not None:
        end = {"TransitGatewayAttachmentId": told["TransitGatewayAttachmentId"], "ResourceId": to["VpcId"], "ResourceType": "vpc"}
        new = {
            "DestinationCidrBlock": told["DestinationCidrBlock"],
            "Type": "static",
            "State": "active",
            "TransitGatewayAttachments": [end],
        }
        held["Routes"] = [*held.get("Routes", ()), new]


def _tgw_subnets(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "TransitGatewayVpcAttachments", told["TransitGatewayAttachmentId"])
    if held is not None:
        held["SubnetIds"] = [*held.get("SubnetIds", ()), *told["AddSubnetIds"]]


def _function(things: _Things, told: Mapping[str, Any], _: Network) -> None:
    held = _find(things, "Functions", told["FunctionName"])
    if held is not None:
        held["VpcConfig"] = {**held.get("VpcConfig", {}), **told["VpcConfig"]}


_OPERATIONS: Mapping[str, "Callable[[_Things, Mapping[str, Any], Network], None]"] = {
    "AuthorizeSecurityGroupEgress": _group_rule("IpPermissionsEgress"),
    "AuthorizeSecurityGroupIngress": _group_rule("IpPermissions"),
    "CreateNetworkAclEntry": _acl_entry,
    "CreateRoute": _route,
    "ReplaceRoute": _route,
    "CreateVpcEndpoint": _endpoint,
    "ModifyVpcEndpoint": _modify_endpoint,
    "CreateSecurityGroup": _group,
    "AllocateAddress": _allocate,
    "AssociateAddress": _address,
    "ModifyVpcAttribute": _vpc_attribute,
    "ModifyNetworkInterfaceAttribute": _interface_attribute,
    "CreateVpcBlockPublicAccessExclusion": _exclusion,
    "AcceptVpcPeeringConnection": _accept,
    "AttachInternetGateway": _attach,
    "CreateNatGateway": _nat,
    "AssociateTransitGatewayRouteTable": _tgw_association,
    "CreateTransitGatewayRoute": _tgw_route,
    "ModifyTransitGatewayVpcAttachment": _tgw_subnets,
    "UpdateFunctionConfiguration": _function,
}
