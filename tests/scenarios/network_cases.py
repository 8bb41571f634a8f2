"""Network paths as they fail in life: each with where it is told, what is asked, and what the answer must be.

A case is (sentence, source, question, verdict, cause code, codes of the blocking hops, operations of the first change).
"""

# ruff: noqa: PLR0913 - a builder takes what a case varies

from generators.networks import ALL, ANY, FULL, Net, route, rule, two_tiers

VPC = "https://docs.aws.amazon.com/vpc/latest/userguide"
LINK = "https://docs.aws.amazon.com/vpc/latest/privatelink"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"
TGW = "https://docs.aws.amazon.com/vpc/latest/tgw"
OUT443 = rule("tcp", 443, ANY)
NACL = "SUBNET_ACL_RESTRICTION"
SG = "ENI_SG_RULES_MISMATCH"
EMPTY = "SG_HAS_NO_RULES"
NO_ROUTE = "NO_ROUTE_TO_DESTINATION"
HOST = {"resolve": {"api.example.com": ("192.0.2.80",)}}


def _function(subnet, **private):
    return two_tiers(**private).function("fn", [subnet], "sg-app")


def _closed(net, name="sg-app"):
    """Take every rule out away."""
    next(one for one in net.things["SecurityGroups"] if one["GroupId"] == name)["IpPermissionsEgress"] = []
    return net


def _endpoint(service="secretsmanager", *, into=(), private=True, routes=(), **vpc):
    net = two_tiers(routes=list(routes))
    net.things["Vpcs"][0].update(vpc)
    net.group("sg-endpoint", into=into)
    return net.interface_endpoint(service, "subnet-private", "10.0.1.200", "sg-endpoint", private=private)


def _six(*routes):
    net = (
        Net()
        .vpc()
        .igw()
        .add("EgressOnlyInternetGateways", EgressOnlyInternetGatewayId="eigw-1", Attachments=[{"VpcId": "vpc-1", "State": "attached"}])
    )
    both = {"out": [(100, "allow", "-1", None, "::/0")], "into": [(100, "allow", "-1", None, "::/0")]}
    net.subnet("subnet-six", "10.0.2.0/24", six="2001:db8:1:2::/64", routes=list(routes), **both)
    net.group("sg-six", out=[rule("-1", 0, "::/0")])
    return net.instance("i-six", "10.0.2.10", "subnet-six", "sg-six", six="2001:db8:1:2::10")


def _peered(*, back=True, status="active", into=None, region="eu-west-1", far=True):
    near = two_tiers(routes=[route("10.1.0.0/16", "pcx-1")])
    sides = {"RequesterVpcInfo": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Region": "eu-west-1", "OwnerId": "111122223333"}}
    sides["AccepterVpcInfo"] = {"VpcId": "vpc-2", "CidrBlock": "10.1.0.0/16", "Region": region, "OwnerId": "444455556666"}
    near.add("VpcPeeringConnections", VpcPeeringConnectionId="pcx-1", Status={"Code": status}, **sides)
    other = Net("444455556666", region).vpc("vpc-2", "10.1.0.0/16")
    other.subnet("subnet-far", "10.1.1.0/24", vpc="vpc-2", local="10.1.0.0/16", routes=[route("10.0.0.0/16", "pcx-1")] if back else [])
    other.group("sg-db", vpc="vpc-2", into=into or [rule("tcp", 5432, "sg-app")])
    other.eni("eni-db", "10.1.1.5", "subnet-far", "sg-db", vpc="vpc-2")
    return near, [other] if far else []


def _transit(*, routes=None, associated=True, zone="eu-west-1a", back=True, refer="enable", into=None):
    net = two_tiers(routes=[route("10.2.0.0/16", "tgw-1")]).vpc("vpc-3", "10.2.0.0/16")
    net.subnet("subnet-far", "10.2.1.0/24", vpc="vpc-3", local="10.2.0.0/16", routes=[route("10.0.0.0/16", "tgw-1")] if back else [])
    net.subnet("subnet-gate", "10.0.9.0/28", zone=zone)
    net.group("sg-db", vpc="vpc-3", into=into or [rule("tcp", 5432, "10.0.0.0/16")]).eni(
        "eni-db", "10.2.1.5", "subnet-far", "sg-db", vpc="vpc-3"
    )
    options = {"SecurityGroupReferencingSupport": refer}
    net.add("TransitGateways", TransitGatewayId="tgw-1", Options=options)
    for name, vpc, subnet in (("tgw-attach-1", "vpc-1", "subnet-gate"), ("tgw-attach-3", "vpc-3", "subnet-far")):
        held = {"TransitGatewayId": "tgw-1", "VpcId": vpc, "State": "available", "SubnetIds": [subnet], "Options": options}
        net.add("TransitGatewayVpcAttachments", TransitGatewayAttachmentId=name, **held)
    ends = {"10.2.0.0/16": ("tgw-attach-3", "vpc-3"), "10.0.0.0/16": ("tgw-attach-1", "vpc-1")}
    held = [
        {"DestinationCidrBlock": cidr, "Type": "propagated", "State": "active",
         "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": name, "ResourceId": vpc, "ResourceType": "vpc"}]}
        for cidr, (name, vpc) in ends.items()
    ]  # fmt: skip
    used = [{"TransitGatewayAttachmentId": name} for name in ("tgw-attach-1", "tgw-attach-3")] if associated else []
    return net.add(
        "TransitGatewayRouteTables", TransitGatewayRouteTableId="tgw-rtb-1", TransitGatewayId="tgw-1", Associations=used,
        Routes=held if routes is None else routes,
    )  # fmt: skip


def _public_access(net, mode, *exclusions):
    net.add("VpcBlockPublicAccessOptions", AwsRegion="eu-west-1", InternetGatewayBlockMode=mode, State="update-complete")
    for subnet, how in exclusions:
        arn = f"arn:aws:ec2:eu-west-1:111122223333:subnet/{subnet}"
        net.add(
            "VpcBlockPublicAccessExclusions",
            ExclusionId=f"vpcbpa-{subnet}",
            ResourceArn=arn,
            InternetGatewayExclusionMode=how,
            State="create-complete",
        )
    return net


def _with(net, change):
    change(net.things)
    return net


def _db(net, *, into, subnet="subnet-data", **acls):
    net.subnet(subnet, "10.0.3.0/24", **acls)
    return net.group("sg-db", into=into).eni("eni-db", "10.0.3.5", subnet, "sg-db")


_near, _far = _peered()
_near_shut, _far_shut = _peered(back=False)
_near_other, _far_other = _peered(region="us-east-1")
_near_blind, _ = _peered()

CASES = [
    ("an instance behind a NAT gateway reaches S3", f"{VPC}/vpc-nat-gateway.html", two_tiers().ask("i-app", "s3"), "reachable", None, [], []),
    ("a function in a public subnet has no way out, for it never gets a public address", f"{LAMBDA}/configuration-vpc-internet.html",
     _function("subnet-public").ask("fn", "sts"), "blocked", "network-route", ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"],
     ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "CreateVpcEndpoint"]),
    ("a function in a private subnet with a NAT gateway has one", f"{LAMBDA}/configuration-vpc-internet.html",
     _function("subnet-private").ask("fn", "sts"), "reachable", None, [], []),
    ("a function with one subnet public and one private fails on half of its ways", "https://repost.aws/knowledge-center/internet-access-lambda-function",
     two_tiers().function("fn", ["subnet-private", "subnet-public"], "sg-app").ask("fn", "sts"), "blocked", "network-route",
     ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"], ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "CreateVpcEndpoint"]),
    ("a private subnet without a route needs the gateway endpoint of S3", f"{LINK}/vpc-endpoints-s3.html",
     two_tiers(routes=[]).ask("i-app", "s3"), "blocked", "network-route", [NO_ROUTE], ["CreateVpcEndpoint"]),
    ("a gateway endpoint that this route table does not use carries nothing from it", f"{LINK}/gateway-endpoints.html",
     two_tiers(routes=[]).gateway_endpoint("rtb-public").ask("i-app", "s3"), "blocked", "network-route", [NO_ROUTE], ["ModifyVpcEndpoint"]),
    ("through a gateway endpoint S3 is open", f"{LINK}/gateway-endpoints.html",
     two_tiers(routes=[]).gateway_endpoint("rtb-private").ask("i-app", "s3"), "reachable", None, [], []),
    ("a group that lets out to the VPC alone shuts the gateway endpoint: it needs the prefix list", f"{LINK}/gateway-endpoints.html#vpc-endpoints-security",
     _with(two_tiers(routes=[]).gateway_endpoint("rtb-private"), lambda t: t["SecurityGroups"][0].update(IpPermissionsEgress=[rule("tcp", 443, "10.0.0.0/16")]))
     .ask("i-app", "s3"), "blocked", "network-security-group", [SG], ["AuthorizeSecurityGroupEgress"]),
    ("a rule for the prefix list is enough", f"{LINK}/gateway-endpoints.html#vpc-endpoints-security",
     _with(two_tiers(routes=[]).gateway_endpoint("rtb-private"), lambda t: t["SecurityGroups"][0].update(IpPermissionsEgress=[rule("tcp", 443, "pl-s3")]))
     .ask("i-app", "s3"), "reachable", None, [], []),
    ("an ACL that lets 443 out and not the answers in drops them", f"{VPC}/custom-network-acl.html#nacl-ephemeral-ports",
     two_tiers(into=[(100, "allow", "6", 443, ANY)]).ask("i-app", "api.example.com:443", **HOST), "blocked", "network-nacl", [NACL], ["CreateNetworkAclEntry"]),
    ("answers to a NAT gateway go to ports 1024-65535: an ACL open from 32768 on drops a part", f"{VPC}/custom-network-acl.html#nacl-ephemeral-ports",
     _with(two_tiers(), lambda t: t["NetworkAcls"][0].update(Entries=[*[e for e in t["NetworkAcls"][0]["Entries"] if e["Egress"]],
        {"RuleNumber": 100, "RuleAction": "allow", "Protocol": "6", "Egress": False, "PortRange": {"From": 32768, "To": 65535}, "CidrBlock": ANY},
        {"RuleNumber": 110, "RuleAction": "allow", "Protocol": "6", "Egress": False, "PortRange": {"From": 443, "To": 443}, "CidrBlock": ANY}]))
     .ask("i-app", "api.example.com:443", **HOST), "blocked", "network-nacl", [NACL], ["CreateNetworkAclEntry"]),
    ("Linux uses ports 32768-60999, and an ACL that is open from 32768 on lets its answers in", f"{VPC}/custom-network-acl.html#nacl-ephemeral-ports",
     two_tiers(into=[(100, "allow", "6", (32768, 65535), ANY)]).ask("i-app", "api.example.com:443", **HOST), "reachable", None, [], []),
    ("a function uses all ports from 1024 on, and the same ACL drops a part of its answers", f"{VPC}/custom-network-acl.html#nacl-ephemeral-ports",
     _function("subnet-private", into=[(100, "allow", "6", (32768, 65535), ANY)]).ask("fn", "api.example.com:443", **HOST), "blocked", "network-nacl", [NACL],
     ["CreateNetworkAclEntry"]),
    ("a deny with a lower number wins over a later allow", f"{VPC}/nacl-rules.html",
     two_tiers(out=[(90, "deny", "6", 443, ANY), (100, "allow", "-1", None, ANY)]).ask("i-app", "sts"), "blocked", "network-nacl", [NACL], ["CreateNetworkAclEntry"]),
    ("a deny with a higher number comes too late", f"{VPC}/nacl-rules.html",
     two_tiers(out=[(100, "allow", "-1", None, ANY), (110, "deny", "6", 443, ANY)]).ask("i-app", "sts"), "reachable", None, [], []),
    ("the NAT gateway's own subnet must let the packet in from the private one", "https://repost.aws/knowledge-center/nat-gateway-vpc-private-subnet",
     _with(two_tiers(), lambda t: t["NetworkAcls"][0]["Entries"].insert(0, {"RuleNumber": 50, "RuleAction": "deny", "Protocol": "-1", "Egress": False, "CidrBlock": "10.0.1.0/24"}))
     .ask("i-app", "sts"), "blocked", "network-nacl", [NACL], ["CreateNetworkAclEntry"]),
    ("a route to a deleted NAT gateway is a blackhole", f"{VPC}/nat-gateway-troubleshooting.html",
     two_tiers(routes=[route(ANY, "nat-gone", State="blackhole")]).ask("i-app", "api.example.com:443", **HOST), "blocked", "network-route", ["BAD_STATE_ROUTE"], ["ReplaceRoute"]),
    ("a NAT gateway that failed to start carries nothing", f"{VPC}/nat-gateway-troubleshooting.html",
     two_tiers(routes=[route(ANY, "nat-2")]).nat("nat-2", "subnet-public", "10.0.0.8", state="failed").ask("i-app", "api.example.com:443", **HOST), "blocked",
     "network-route", ["BAD_STATE"], ["ReplaceRoute"]),
    ("a NAT gateway in a private subnet leads back to itself", "https://repost.aws/knowledge-center/nat-gateway-vpc-private-subnet",
     two_tiers(routes=[route(ANY, "nat-2")]).nat("nat-2", "subnet-private", "10.0.1.8").ask("i-app", "api.example.com:443", **HOST), "blocked", "network-route",
     [NO_ROUTE], ["ReplaceRoute"]),
    ("a private NAT gateway leads to no internet", f"{VPC}/nat-gateway-scenarios.html",
     _with(two_tiers(), lambda t: t["NatGateways"][0].update(ConnectivityType="private", NatGatewayAddresses=[{"PrivateIp": "10.0.0.9"}]))
     .ask("i-app", "api.example.com:443", **HOST), "blocked", "network-route", ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"], []),
    ("a public subnet is no way out for an instance without a public address", f"{VPC}/VPC_Internet_Gateway.html",
     two_tiers().instance("i-bare", "10.0.0.11", "subnet-public", "sg-app").ask("i-bare", "api.example.com:443", **HOST), "blocked", "network-route",
     ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"], ["AllocateAddress", "AssociateAddress"]),
    ("with a public address it is", f"{VPC}/VPC_Internet_Gateway.html", two_tiers().ask("i-web", "api.example.com:443", **HOST), "reachable", None, [], []),
    ("an internet gateway that is not attached carries nothing", f"{VPC}/VPC_Internet_Gateway.html",
     _with(two_tiers(), lambda t: t["InternetGateways"][0].update(Attachments=[])).ask("i-web", "api.example.com:443", **HOST), "blocked", "network-route",
     ["BAD_STATE_ATTACHMENT"], ["AttachInternetGateway"]),
    ("a group without any rule out lets nothing out", f"{VPC}/security-group-rules.html",
     _closed(two_tiers()).ask("i-app", "sts"), "blocked", "network-security-group", [EMPTY], ["AuthorizeSecurityGroupEgress"]),
    ("the endpoint's own group must let 443 in", f"{LINK}/create-interface-endpoint.html",
     _endpoint().ask("i-app", "secretsmanager"), "blocked", "network-security-group", [EMPTY], ["AuthorizeSecurityGroupIngress"]),
    ("a rule in for the source's group opens it", f"{LINK}/create-interface-endpoint.html",
     _endpoint(into=[rule("tcp", 443, "sg-app")]).ask("i-app", "secretsmanager"), "reachable", None, [], []),
    ("a rule in for another group does not", f"{VPC}/security-group-rules.html#security-group-referencing",
     _endpoint(into=[rule("tcp", 443, "sg-else")]).ask("i-app", "secretsmanager"), "blocked", "network-security-group", [SG], ["AuthorizeSecurityGroupIngress"]),
    ("an endpoint without private DNS is not used by the service's name", f"{LINK}/manage-dns-names.html",
     _endpoint(into=[OUT443], private=False).ask("i-app", "secretsmanager"), "blocked", "network-dns", [NO_ROUTE], ["ModifyVpcEndpoint"]),
    ("private DNS answers only where the VPC's DNS host names are on", f"{LINK}/manage-dns-names.html",
     _endpoint(into=[OUT443], EnableDnsHostnames=False).ask("i-app", "secretsmanager"), "blocked", "network-dns", [NO_ROUTE], ["ModifyVpcAttribute"]),
    ("without DNS in the VPC no name resolves", f"{VPC}/AmazonDNS-concepts.html",
     _with(two_tiers(), lambda t: t["Vpcs"][0].update(EnableDnsSupport=False)).ask("i-app", "sts"), "blocked", "network-dns", [None], ["ModifyVpcAttribute"]),
    ("the endpoint's own name works without private DNS", f"{LINK}/privatelink-access-aws-services.html",
     _endpoint(into=[OUT443], private=False).interface_endpoint("sqs", "subnet-private", "10.0.1.201", "sg-endpoint", name="vpce-0a1b", private=False)
     .ask("i-app", "vpce-0a1b-x9y8.sqs.eu-west-1.vpce.amazonaws.com"), "reachable", None, [], []),
    ("a resolver of one's own may not know the private name", f"{VPC}/DHCPOptionSet.html",
     _with(_endpoint(into=[OUT443], DhcpOptionsId="dopt-1"), lambda t: t["DhcpOptions"].append(
        {"DhcpOptionsId": "dopt-1", "DhcpConfigurations": [{"Key": "domain-name-servers", "Values": [{"Value": "192.0.2.53"}]}]}))
     .ask("i-app", "secretsmanager"), "unknown", None, [NO_ROUTE], []),
    ("an S3 interface endpoint for inbound resolvers only leaves S3 to the gateway endpoint",
     "https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html",
     two_tiers(routes=[]).group("sg-endpoint").interface_endpoint("s3", "subnet-private", "10.0.1.200", "sg-endpoint", name="vpce-s3i",
        DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": True}).gateway_endpoint("rtb-private").ask("i-app", "s3"), "reachable", None, [], []),
    ("pulling an image from ECR needs S3 too: the layers are there", "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
     _endpoint("ecr.api", into=[OUT443]).interface_endpoint("ecr.dkr", "subnet-private", "10.0.1.201", "sg-endpoint").ask("i-app", "ecr"), "blocked",
     "network-route", [NO_ROUTE], ["CreateVpcEndpoint"]),
    ("with all three the image comes", "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
     _endpoint("ecr.api", into=[OUT443]).interface_endpoint("ecr.dkr", "subnet-private", "10.0.1.201", "sg-endpoint").gateway_endpoint("rtb-private")
     .ask("i-app", "ecr"), "reachable", None, [], []),
    ("a task in a private subnet without the endpoint of Logs cannot write them", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html",
     _endpoint("ecr.api", into=[OUT443]).add("Tasks", taskArn="arn:aws:ecs:eu-west-1:111122223333:task/main/0f1e2d3c", attachments=[
        {"type": "ElasticNetworkInterface", "details": [{"name": "networkInterfaceId", "value": "eni-app"}]}])
     .ask("arn:aws:ecs:eu-west-1:111122223333:task/main/0f1e2d3c", "logs"), "blocked", "network-route", [NO_ROUTE],
     ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "CreateVpcEndpoint"]),
    ("Session Manager needs three endpoints", "https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html",
     _endpoint("ssm", into=[OUT443]).interface_endpoint("ssmmessages", "subnet-private", "10.0.1.201", "sg-endpoint")
     .interface_endpoint("ec2messages", "subnet-private", "10.0.1.202", "sg-endpoint").ask("i-app", "session-manager"), "reachable", None, [], []),
    ("the global name of STS is not answered by the endpoint of the Region", "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html",
     _endpoint("sts", into=[OUT443]).ask("i-app", "sts.amazonaws.com"), "blocked", "network-route", [NO_ROUTE], ["CreateRoute"]),
    ("an endpoint serves its own Region: S3 of another one needs a way out", f"{LINK}/gateway-endpoints.html",
     two_tiers(routes=[]).gateway_endpoint("rtb-private").ask("i-app", "s3.us-east-1.amazonaws.com"), "blocked", "network-route", [NO_ROUTE], ["CreateRoute"]),
    ("a gateway endpoint takes TCP and ping only", "https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
     two_tiers(routes=[]).gateway_endpoint("rtb-private").ask("i-app", "s3", protocol="udp"), "blocked", "network-endpoint", ["VPCE_GATEWAY_PROTOCOL_RESTRICTION"], []),
    ("an endpoint's policy that leaves the call out answers with a 403, on an open path", f"{LINK}/vpc-endpoints-access.html",
     two_tiers(routes=[]).gateway_endpoint("rtb-private", policy='{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}')
     .ask("i-app", "s3", principal="arn:aws:iam::111122223333:role/App", action="s3:PutObject", resource="arn:aws:s3:::a/k"), "blocked", "endpoint-missing-allow", [None], []),
    ("the same policy lets the call through that it names", f"{LINK}/vpc-endpoints-access.html",
     two_tiers(routes=[]).gateway_endpoint("rtb-private", policy='{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}')
     .ask("i-app", "s3", principal="arn:aws:iam::111122223333:role/App", action="s3:GetObject", resource="arn:aws:s3:::a/k"), "reachable", None, [], []),
    ("a peered VPC whose group names ours lets us in", "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
     _near.ask("i-app", "10.1.1.5:5432", beside=_far), "reachable", None, [], []),
    ("without a route back the peered VPC's answers are dropped", "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
     _near_shut.ask("i-app", "10.1.1.5:5432", beside=_far_shut), "blocked", "network-route", [NO_ROUTE], ["CreateRoute"]),
    ("groups cannot be referred to across Regions", "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
     _near_other.ask("i-app", "10.1.1.5:5432", beside=_far_other), "blocked", "network-security-group", ["SG_REFERENCES_NOT_PRESERVED"], ["AuthorizeSecurityGroupIngress"]),
    ("a peering connection that waits for its acceptance carries nothing", "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
     _peered(status="pending-acceptance")[0].ask("i-app", "10.1.1.5:5432", beside=_far), "blocked", "network-route", ["BAD_STATE"], ["AcceptVpcPeeringConnection"]),
    ("a peered VPC that nobody read is not decided", "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
     _near_blind.ask("i-app", "10.1.1.5:5432"), "unknown", None, [], []),
    ("peering leads to the other VPC's addresses, not through it", "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations",
     _with(_peered()[0], lambda t: t["RouteTables"][1]["Routes"].append(route("172.16.0.0/12", "pcx-1"))).ask("i-app", "172.16.0.9:443", beside=_far), "blocked",
     "network-route", ["PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"], []),
    ("a transit gateway leads from VPC to VPC", f"{TGW}/how-transit-gateways-work.html", _transit().ask("i-app", "10.2.1.5:5432"), "reachable", None, [], []),
    ("an attachment that no route table is associated with leads nowhere", f"{TGW}/how-transit-gateways-work.html",
     _transit(associated=False).ask("i-app", "10.2.1.5:5432"), "blocked", "network-route", ["TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"],
     ["AssociateTransitGatewayRouteTable", "AssociateTransitGatewayRouteTable"]),
    ("nor does a transit gateway route table without the route", f"{TGW}/tgw-route-tables.html",
     _transit(routes=[]).ask("i-app", "10.2.1.5:5432"), "blocked", "network-route", ["TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"], ["CreateTransitGatewayRoute", "CreateTransitGatewayRoute"]),
    ("an attachment must have a subnet in the source's zone", f"{TGW}/tgw-vpc-attachments.html",
     _transit(zone="eu-west-1b").ask("i-app", "10.2.1.5:5432"), "blocked", "network-route", ["TGW_ROUTE_AZ_RESTRICTION"], ["ModifyTransitGatewayVpcAttachment"]),
    ("the far VPC needs its own route back to the transit gateway", f"{TGW}/how-transit-gateways-work.html",
     _transit(back=False).ask("i-app", "10.2.1.5:5432"), "blocked", "network-route", [NO_ROUTE], ["CreateRoute"]),
    ("groups can be referred to across a transit gateway only where that is switched on", f"{TGW}/tgw-vpc-attachments.html",
     _transit(refer="disable", into=[rule("tcp", 5432, "sg-app")]).ask("i-app", "10.2.1.5:5432"), "blocked", "network-security-group", ["SG_REFERENCES_NOT_PRESERVED"],
     ["AuthorizeSecurityGroupIngress"]),
    ("IPv6 leaves by an egress-only internet gateway", f"{VPC}/egress-only-internet-gateway.html",
     _six(route("::/0", "eigw-1")).ask("i-six", "2001:db8:ffff::1", ipv6=True), "reachable", None, [], []),
    ("a default route for IPv4 is none for IPv6", f"{VPC}/egress-only-internet-gateway.html",
     _six(route(ANY, "igw-1")).ask("i-six", "2001:db8:ffff::1", ipv6=True), "blocked", "network-route", [NO_ROUTE], ["CreateRoute"]),
    ("a group that lets 0.0.0.0/0 out lets no IPv6 out", f"{VPC}/security-group-rules.html",
     _with(_six(route("::/0", "eigw-1")), lambda t: t["SecurityGroups"][0].update(IpPermissionsEgress=[ALL])).ask("i-six", "2001:db8:ffff::1", ipv6=True), "blocked",
     "network-security-group", [SG], ["AuthorizeSecurityGroupEgress"]),
    ("an instance without an IPv6 address reaches nothing over IPv6", f"{VPC}/vpc-ip-addressing.html",
     two_tiers().ask("i-app", "2001:db8:ffff::1", ipv6=True), "blocked", "network-route", ["UNASSOCIATED_COMPONENT"], []),
    ("Block Public Access stops a NAT gateway's packets too", f"{VPC}/security-vpc-bpa-basics.html",
     _public_access(two_tiers(), "block-bidirectional").ask("i-app", "api.example.com:443", **HOST), "blocked", "network-route", ["VPC_BLOCK_PUBLIC_ACCESS_ENABLED"],
     ["CreateVpcBlockPublicAccessExclusion"]),
    ("Block Public Access for ingress lets a NAT gateway's packets be", f"{VPC}/security-vpc-bpa-basics.html",
     _public_access(two_tiers(), "block-ingress").ask("i-app", "api.example.com:443", **HOST), "reachable", None, [], []),
    ("and stops an instance's own public address", f"{VPC}/security-vpc-bpa-basics.html",
     _public_access(two_tiers(), "block-ingress").ask("i-web", "api.example.com:443", **HOST), "blocked", "network-route", ["VPC_BLOCK_PUBLIC_ACCESS_ENABLED"],
     ["CreateVpcBlockPublicAccessExclusion"]),
    ("an exclusion of the NAT gateway's subnet lets it through", f"{VPC}/security-vpc-bpa-basics.html",
     _public_access(two_tiers(), "block-bidirectional", ("subnet-public", "allow-egress")).ask("i-app", "api.example.com:443", **HOST), "reachable", None, [], []),
    ("Block Public Access does not touch a gateway endpoint", f"{VPC}/security-vpc-bpa-basics.html",
     _public_access(two_tiers(routes=[]).gateway_endpoint("rtb-private"), "block-bidirectional").ask("i-app", "s3"), "reachable", None, [], []),
    ("a database lets its application in by group", f"{VPC}/security-group-rules.html#security-group-referencing",
     _db(two_tiers(), into=[rule("tcp", 5432, "sg-app")]).ask("i-app", "10.0.3.5:5432"), "reachable", None, [], []),
    ("a group that lets itself in lets in those only that have it", f"{VPC}/security-group-rules.html#security-group-referencing",
     _db(two_tiers(), into=[rule("-1", 0, "sg-db")]).ask("i-app", "10.0.3.5:5432"), "blocked", "network-security-group", [SG], ["AuthorizeSecurityGroupIngress"]),
    ("the wrong port in the database's group", "https://repost.aws/knowledge-center/rds-cannot-connect",
     _db(two_tiers(), into=[rule("tcp", 3306, "sg-app")]).ask("i-app", "10.0.3.5:5432"), "blocked", "network-security-group", [SG], ["AuthorizeSecurityGroupIngress"]),
    ("the data subnet's ACL must let answers out to the application", f"{VPC}/custom-network-acl.html",
     _db(two_tiers(), into=[ALL], out=[(100, "allow", "6", 5432, ANY)]).ask("i-app", "10.0.3.5:5432"), "blocked", "network-nacl", [NACL], ["CreateNetworkAclEntry"]),
    ("inside one subnet no ACL looks", f"{VPC}/vpc-network-acls.html",
     _db(two_tiers(out=[], into=[]), into=[ALL]).eni("eni-near", "10.0.1.20", "subnet-private", "sg-db").ask("i-app", "10.0.1.20:5432"), "reachable", None, [], []),
    ("an address that no interface has is not decided", f"{VPC}/VPC_Route_Tables.html", two_tiers().ask("i-app", "10.0.1.77:5432"), "unknown", None, [], []),
    ("a private name without --resolve is not decided", f"{VPC}/AmazonDNS-concepts.html", two_tiers().ask("i-app", "db.internal:5432"), "unknown", None, [], []),
    ("a NAT instance with its source/destination check on drops what it should forward", f"{VPC}/VPC_NAT_Instance.html#EIP_Disable_SrcDestCheck",
     two_tiers(routes=[route(ANY, "eni-web")]).ask("i-app", "api.example.com:443", **HOST), "blocked", "network-route", ["ENI_SOURCE_DEST_CHECK_RESTRICTION", EMPTY],
     ["ModifyNetworkInterfaceAttribute", "AuthorizeSecurityGroupIngress"]),
    ("behind a virtual private gateway undeny does not see", f"{VPC}/VPC_Route_Tables.html",
     two_tiers(routes=[route("172.16.0.0/12", "vgw-1")]).ask("i-app", "172.16.0.9:443"), "unknown", None, [], []),
    ("no group and no ACL looks at the instance metadata", f"{VPC}/vpc-security-groups.html",
     _closed(two_tiers(out=[], into=[])).ask("i-app", "169.254.169.254:80"), "reachable", None, [], []),
    ("a more specific route wins over the default one", f"{VPC}/route-tables-priority.html",
     two_tiers(routes=[route(ANY, "nat-1"), route("192.0.2.0/24", "igw-1")]).ask("i-app", "api.example.com:443", **HOST), "blocked", "network-route",
     ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"], ["AllocateAddress", "AssociateAddress"]),
    ("one's own public address is looked up: the far end's group must let the sender's public address in", f"{VPC}/security-group-rules.html#security-group-referencing",
     _with(two_tiers().group("sg-far", into=[rule("tcp", 443, "sg-app")]).instance("i-far", "10.0.0.30", "subnet-public", "sg-far", public="198.51.100.30"), lambda _: None)
     .ask("i-web", "198.51.100.30:443"), "blocked", "network-security-group", ["SG_REFERENCES_NOT_PRESERVED"], ["AuthorizeSecurityGroupIngress"]),
    ("a regional NAT gateway has a route table of its own", f"{VPC}/nat-gateways-regional.html",
     two_tiers(routes=[route(ANY, "nat-r")]).add("RouteTables", RouteTableId="rtb-r", VpcId="vpc-1", Associations=[], Routes=[route("10.0.0.0/16", "local"), route(ANY, "igw-1")])
     .add("NatGateways", NatGatewayId="nat-r", VpcId="vpc-1", State="available", ConnectivityType="public", AvailabilityMode="regional", RouteTableId="rtb-r",
        NatGatewayAddresses=[{"PublicIp": "198.51.100.9"}]).ask("i-app", "s3"), "reachable", None, [], []),
    ("a group that lets out to S3's list alone shuts every other service", f"{VPC}/working-with-aws-managed-prefix-lists.html",
     _with(two_tiers(), lambda t: t["SecurityGroups"][0].update(IpPermissionsEgress=[rule("tcp", 443, "pl-s3")])).ask("i-app", "sts"), "blocked",
     "network-security-group", [SG], ["AuthorizeSecurityGroupEgress"]),
    ("the resolver of the VPC is at its base address plus two, and nothing filters it", f"{VPC}/AmazonDNS-concepts.html",
     _closed(two_tiers(out=[], into=[])).ask("i-app", "10.0.0.2:53", protocol="udp"), "reachable", None, [], []),
    ("S3's dual-stack name leaves over IPv6 by an egress-only internet gateway", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html",
     _six(route("::/0", "eigw-1")).ask("i-six", "s3.dualstack.eu-west-1.amazonaws.com", ipv6=True), "reachable", None, [], []),
    ("a ping needs ICMP in the group, whatever TCP it lets out", f"{VPC}/security-group-rules.html",
     _with(two_tiers(), lambda t: t["SecurityGroups"][0].update(IpPermissionsEgress=[OUT443])).ask("i-app", "192.0.2.9", protocol="icmp"), "blocked",
     "network-security-group", [SG], ["AuthorizeSecurityGroupEgress"]),
    ("an ACL that lets TCP in drops the answer to a ping", f"{VPC}/nacl-rules.html",
     two_tiers(into=[(100, "allow", "6", (0, 65535), ANY)]).ask("i-app", "192.0.2.9", protocol="icmp"), "blocked", "network-nacl", [NACL], ["CreateNetworkAclEntry"]),
    ("an endpoint that waits for its acceptance carries nothing", f"{LINK}/create-endpoint-service.html",
     two_tiers().group("sg-e", into=[OUT443]).interface_endpoint("sqs", "subnet-private", "10.0.1.5", "sg-e", State="pendingAcceptance").ask("i-app", "sqs"), "blocked",
     "network-endpoint", ["BAD_STATE"], []),
    ("a transit gateway's blackhole drops what it is sent", f"{TGW}/tgw-route-tables.html",
     _transit(routes=[{"DestinationCidrBlock": "10.2.0.0/16", "State": "blackhole", "Type": "static"}]).ask("i-app", "10.2.1.5:5432"), "blocked", "network-route",
     ["TGW_RTB_BAD_STATE_ROUTE"], []),
    ("a subnet as such has no groups: whether what is in it may send is not decided", f"{VPC}/vpc-security-groups.html",
     two_tiers().ask("subnet-private", "s3"), "unknown", None, [], []),
    ("a subnet without a route is shut whatever is in it", f"{VPC}/VPC_Route_Tables.html",
     two_tiers(routes=[]).ask("subnet-private", "s3"), "blocked", "network-route", [NO_ROUTE], ["CreateVpcEndpoint"]),
]  # fmt: skip
"""`FULL` is AWS's own policy of an endpoint."""
assert FULL
