"""Builds networks as AWS's API would describe them, in few words: what tests of paths are written with."""

# ruff: noqa: PLR0913, PLR0917 - a builder takes what AWS's things have

from undeny.evidence.network import IDS, Network
from undeny.reach.model import Question

ANY = "0.0.0.0/0"
S3 = ["3.5.64.0/21", "52.218.0.0/17"]
FULL = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}'
OPEN = [(100, "allow", "-1", None, ANY)]


def rule(protocol, port, peer):
    """Give one permission of a security group: `peer` is a CIDR block, `sg-...` or `pl-...`."""
    low, high = port if isinstance(port, tuple) else (port, port)
    held = {"IpProtocol": protocol} if protocol == "-1" else {"IpProtocol": protocol, "FromPort": low, "ToPort": high}
    if peer.startswith("sg-"):
        return {**held, "UserIdGroupPairs": [{"GroupId": peer}]}
    if peer.startswith("pl-"):
        return {**held, "PrefixListIds": [{"PrefixListId": peer}]}
    return {**held, "Ipv6Ranges": [{"CidrIpv6": peer}]} if ":" in peer else {**held, "IpRanges": [{"CidrIp": peer}]}


ALL = rule("-1", 0, ANY)


def entry(egress, number, action, protocol, port, cidr):
    """Give one entry of an ACL."""
    held = {"RuleNumber": number, "RuleAction": action, "Protocol": protocol, "Egress": egress}
    if port is not None:
        low, high = port if isinstance(port, tuple) else (port, port)
        held["PortRange"] = {"From": low, "To": high}
    return {**held, ("Ipv6CidrBlock" if ":" in cidr else "CidrBlock"): cidr}


def route(to, by, **more):
    """Give one route: `by` is the id of its target."""
    key = "DestinationPrefixListId" if to.startswith("pl-") else "DestinationIpv6CidrBlock" if ":" in to else "DestinationCidrBlock"
    fields = {"nat": "NatGatewayId", "tgw": "TransitGatewayId", "pcx": "VpcPeeringConnectionId", "eni": "NetworkInterfaceId"}
    fields["eigw"] = "EgressOnlyInternetGatewayId"
    return {key: to, fields.get(by.partition("-")[0], "GatewayId"): by, "State": "active", "Origin": "CreateRoute", **more}


class Net:
    """One account's network in one Region, built step by step. Every list of AWS's is there, empty where nothing was added."""

    def __init__(self, account="111122223333", region="eu-west-1"):
        self.account, self.region, self.things = account, region, {}
        for kind in IDS:
            self.things[kind] = []

    def add(self, kind, **held):
        """Add one thing with the fields given."""
        self.things[kind].append(held)
        return self

    def vpc(self, name="vpc-1", cidr="10.0.0.0/16", *, support=True, hostnames=True, **more):
        """Add a VPC with DNS on."""
        six = [{"Ipv6CidrBlock": "2001:db8:1::/56", "Ipv6CidrBlockState": {"State": "associated"}}]
        told = {"EnableDnsSupport": support, "EnableDnsHostnames": hostnames, "DhcpOptionsId": "default"}
        return self.add("Vpcs", VpcId=name, CidrBlock=cidr, Ipv6CidrBlockAssociationSet=six, **(told | more))

    def subnet(
        self,
        name,
        cidr,
        *,
        vpc="vpc-1",
        routes=(),
        out=OPEN,
        into=OPEN,
        zone="eu-west-1a",
        six=None,
        local="10.0.0.0/16",
        local6="2001:db8:1::/56",
    ):
        """Add a subnet with a route table (`rtb-NAME`) and an ACL (`acl-NAME`) of its own."""
        short = name.removeprefix("subnet-")
        own = [{"Ipv6CidrBlock": six}] if six else []
        self.add("Subnets", SubnetId=name, VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone, Ipv6CidrBlockAssociationSet=own)
        inside = [route(local, "local"), *([route(local6, "local")] if six else [])]
        self.add("RouteTables", RouteTableId=f"rtb-{short}", VpcId=vpc, Associations=[{"SubnetId": name}], Routes=[*inside, *routes])
        entries = [entry(True, *one) for one in out] + [entry(False, *one) for one in into]
        entries += [entry(way, 32767, "deny", "-1", None, ANY) for way in (True, False)]
        return self.add("NetworkAcls", NetworkAclId=f"acl-{short}", VpcId=vpc, Associations=[{"SubnetId": name}], Entries=entries)

    def group(self, name, *, out=(ALL,), into=(), vpc="vpc-1"):
        """Add a security group."""
        return self.add("SecurityGroups", GroupId=name, VpcId=vpc, IpPermissionsEgress=list(out), IpPermissions=list(into))

    def eni(self, name, address, subnet, *groups, public=None, six=None, vpc="vpc-1", **more):
        """Add an interface."""
        told = {"NetworkInterfaceId": name, "PrivateIpAddress": address, "SubnetId": subnet, "VpcId": vpc, "Status": "in-use"}
        told |= {"Groups": [{"GroupId": one} for one in groups], "InterfaceType": "interface"}
        told |= {"Association": {"PublicIp": public}} if public else {}
        told |= {"Ipv6Addresses": [{"Ipv6Address": six}]} if six else {}
        return self.add("NetworkInterfaces", **(told | more))

    def instance(self, name, address, subnet, *groups, **more):
        """Add a Linux instance with one interface, `eni-` and the rest of its name."""
        eni = f"eni-{name.removeprefix('i-')}"
        self.eni(eni, address, subnet, *groups, Attachment={"InstanceId": name}, **more)
        inner = {**self.things["NetworkInterfaces"][-1], "Attachment": {"DeviceIndex": 0}}
        return self.add("Instances", InstanceId=name, PlatformDetails="Linux/UNIX", NetworkInterfaces=[inner])

    def function(self, name, subnets, *groups, vpc="vpc-1"):
        """Add a function in a VPC."""
        return self.add("Functions", FunctionName=name, VpcConfig={"VpcId": vpc, "SubnetIds": subnets, "SecurityGroupIds": list(groups)})

    def igw(self, name="igw-1", vpc="vpc-1"):
        """Add an attached internet gateway."""
        return self.add("InternetGateways", InternetGatewayId=name, Attachments=[{"VpcId": vpc, "State": "available"}])

    def nat(self, name, subnet, address, *, state="available", kind="public", vpc="vpc-1"):
        """Add a NAT gateway."""
        own = [{"PrivateIp": address, **({"PublicIp": "198.51.100.1"} if kind == "public" else {})}]
        return self.add(
            "NatGateways", NatGatewayId=name, SubnetId=subnet, VpcId=vpc, State=state, ConnectivityType=kind, NatGatewayAddresses=own
        )

    def lists(self, service="s3", name="pl-s3", cidrs=S3):
        """Add AWS's prefix list of a service."""
        held = [{"Cidr": one} for one in cidrs]
        return self.add("PrefixLists", PrefixListId=name, PrefixListName=f"com.amazonaws.{self.region}.{service}", Entries=held)

    def gateway_endpoint(self, *tables, service="s3", name="vpce-s3", policy=FULL, state="available", list_id="pl-s3", vpc="vpc-1"):
        """Add a gateway endpoint, and its route to these tables."""
        own = {"VpcEndpointType": "Gateway", "State": state, "PolicyDocument": policy, "RouteTableIds": list(tables)}
        self.add("VpcEndpoints", VpcEndpointId=name, ServiceName=f"com.amazonaws.{self.region}.{service}", VpcId=vpc, **own)
        for table in self.things["RouteTables"]:
            if table["RouteTableId"] in tables:
                table["Routes"].append(route(list_id, name))
        return self

    def interface_endpoint(self, service, subnet, address, *groups, private=True, name=None, policy=FULL, vpc="vpc-1", **more):
        """Add an interface endpoint with one interface."""
        name = name or f"vpce-{service.replace('.', '')}"
        eni = f"eni-{name}"
        self.eni(eni, address, subnet, *groups, InterfaceType="vpc_endpoint", vpc=vpc)
        own = {"VpcEndpointType": "Interface", "State": "available", "PrivateDnsEnabled": private, "PolicyDocument": policy}
        own |= {"NetworkInterfaceIds": [eni], "SubnetIds": [subnet], "Groups": [{"GroupId": one} for one in groups]}
        return self.add("VpcEndpoints", VpcEndpointId=name, ServiceName=f"com.amazonaws.{self.region}.{service}", VpcId=vpc, **(own | more))

    def network(self, *, unread=(), gaps=None):
        """Give the network; `unread` kinds are left out, `gaps` stand in their places."""
        things = {kind: tuple(held) for kind, held in self.things.items() if kind not in unread}
        return Network(account=self.account, region=self.region, things={**things, **(gaps or {})})

    def ask(self, source, to, *, beside=(), unread=(), gaps=None, **more):
        """Ask for a path over this network, and others beside it."""
        own = self.network(unread=unread, gaps=gaps)
        return Question(source=source, to=to, networks=(own, *(one.network() for one in beside)), **more)


def two_tiers(**private):
    """Give the usual VPC: a public subnet with a NAT gateway, a private one that leads to it, an instance in each."""
    net = Net().vpc().igw().lists()
    net.subnet("subnet-public", "10.0.0.0/24", routes=[route(ANY, "igw-1")])
    net.subnet("subnet-private", "10.0.1.0/24", **{"routes": [route(ANY, "nat-1")], **private})
    net.nat("nat-1", "subnet-public", "10.0.0.9")
    net.group("sg-app")
    net.instance("i-app", "10.0.1.10", "subnet-private", "sg-app")
    return net.instance("i-web", "10.0.0.10", "subnet-public", "sg-app", public="198.51.100.2")
