"""The network: which calls list it, and the permissions for them. `aws/network.py` makes them."""

from collections.abc import Mapping

_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
KINDS: Mapping[str, tuple[str, str, str]] = {
    "Vpcs": ("describe_vpcs", "Vpcs", "the VPCs"),
    "Subnets": ("describe_subnets", "Subnets", "the subnets"),
    "RouteTables": ("describe_route_tables", "RouteTables", "the route tables"),
    "NetworkAcls": ("describe_network_acls", "NetworkAcls", "the network ACLs"),
    "SecurityGroups": ("describe_security_groups", "SecurityGroups", "the security groups"),
    "NetworkInterfaces": ("describe_network_interfaces", "NetworkInterfaces", "the network interfaces"),
    "Instances": ("describe_instances", "Reservations", "the instances"),
    "VpcEndpoints": ("describe_vpc_endpoints", "VpcEndpoints", "the VPC endpoints"),
    "NatGateways": ("describe_nat_gateways", "NatGateways", "the NAT gateways"),
    "InternetGateways": ("describe_internet_gateways", "InternetGateways", "the internet gateways"),
    "EgressOnlyInternetGateways": (
        "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways", "the egress-only internet gateways",
    ),
    "PrefixLists": ("describe_managed_prefix_lists", "PrefixLists", "the prefix lists"),
    "VpcPeeringConnections": ("describe_vpc_peering_connections", "VpcPeeringConnections", "the peering connections"),
    "TransitGateways": ("describe_transit_gateways", "TransitGateways", "the transit gateways"),
    "TransitGatewayVpcAttachments": (
        "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments", "the transit gateway VPC attachments",
    ),
    "TransitGatewayRouteTables": (
        "describe_transit_gateway_route_tables", "TransitGatewayRouteTables", "the transit gateway route tables",
    ),
    "VpcBlockPublicAccessOptions": (
        "describe_vpc_block_public_access_options", "VpcBlockPublicAccessOptions", "VPC Block Public Access",
    ),
    "VpcBlockPublicAccessExclusions": (
        "describe_vpc_block_public_access_exclusions", "VpcBlockPublicAccessExclusions", "the exclusions from VPC Block Public Access",
    ),
    "DhcpOptions": ("describe_dhcp_options", "DhcpOptions", "the DHCP options"),
}  # fmt: skip
"""Kind, to the operation that lists it, the field of its answer, and its name in a gap."""


def _name(operation: str) -> str:
    return "".join(word.title() for word in operation.split("_"))


NETWORK_PERMISSIONS = {f"ec2:{_name(op)}": (noun, f"{_API}{_name(op)}.html") for op, _, noun in KINDS.values()} | {
    "ec2:DescribeVpcAttribute": ("whether DNS is on in a VPC", f"{_API}DescribeVpcAttribute.html"),
    "ec2:GetManagedPrefixListEntries": ("the CIDR blocks of a prefix list", f"{_API}GetManagedPrefixListEntries.html"),
    "ec2:GetTransitGatewayRouteTableAssociations": (
        "which attachments use a transit gateway route table", f"{_API}GetTransitGatewayRouteTableAssociations.html",
    ),
    "ec2:SearchTransitGatewayRoutes": ("the routes of a transit gateway route table", f"{_API}SearchTransitGatewayRoutes.html"),
    "lambda:GetFunctionConfiguration": (
        "the subnets and groups of a function", "https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html",
    ),
    "lambda:ListFunctions": ("every function, for a snapshot", "https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html"),
    "ecs:DescribeTasks": ("the interface of a task", "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html"),
    "ecs:DescribeContainerInstances": (
        "the instance that a task runs on", "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeContainerInstances.html",
    ),
}  # fmt: skip
PERMISSIONS: Mapping[str, tuple[str, str]] = {}
"""What explaining a denial reads of this: nothing. `undeny network` has a policy of its own: `undeny reader-policy --network`."""
