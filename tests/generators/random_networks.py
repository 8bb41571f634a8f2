"""Random networks in the shape of AWS's API, small enough to be built of namespaces, and the connections to try in them."""

import random

import msgspec

from generators.networks import ANY, FULL, Net, entry, route, rule

PORTS = (80, 443, 5432)
PUBLIC = "93.184.216.34"
STORE = ("52.218.0.10", "3.5.64.10")
SUBNETS = {"subnet-a": "10.0.0.0/24", "subnet-b": "10.0.1.0/24", "subnet-c": "10.0.2.0/24"}
FAR = {"subnet-z": "10.1.0.0/24"}
HOSTS = {"a1": ("subnet-a", "10.0.0.10"), "a2": ("subnet-a", "10.0.0.20"), "b1": ("subnet-b", "10.0.1.10"), "c1": ("subnet-c", "10.0.2.10")}
FAR_HOSTS = {"z1": ("subnet-z", "10.1.0.10")}
CIDRS = (
    ANY,
    "10.0.0.0/16",
    "10.0.0.0/24",
    "10.0.1.0/24",
    "10.1.0.0/16",
    "10.0.1.10/32",
    "93.184.0.0/16",
    "52.218.0.0/17",
    "0.0.0.0/1",
    "128.0.0.0/1",
)
CIDRS6 = ("::/0", "2001:db8:1::/56", "2001:db8:1:1::/64", "2001:db8:2::/56", "2001:db8:1:2::10/128", "2001:db8:ffff::/48")
PUBLIC6 = "2001:db8:ffff::1"
SIX = {"a1": "2001:db8:1:1::10", "a2": "2001:db8:1:1::20", "b1": "2001:db8:1:2::10", "c1": "2001:db8:1:3::10", "z1": "2001:db8:2:1::10"}
NETS6 = {"subnet-a": "2001:db8:1:1::/64", "subnet-b": "2001:db8:1:2::/64", "subnet-c": "2001:db8:1:3::/64", "subnet-z": "2001:db8:2:1::/64"}
SPANS = (None, (443, 443), (80, 80), (80, 443), (1024, 65535), (0, 65535), (5432, 5432), (32768, 60999), (40000, 50000))


class Probe(msgspec.Struct, frozen=True):
    """One connection: from a host, its own port, to an address and port."""

    source: str
    source_port: int
    address: str
    port: int


def _group(dice, names):
    """Give the rules of one direction: sometimes all, sometimes nothing, mostly a few."""
    mood = dice.random()
    if mood < 0.68:
        return [rule("-1", 0, ANY)]
    peers = [*CIDRS, *names, "pl-s3"]
    return [rule(dice.choice(("tcp", "tcp", "-1", "udp")), dice.choice(((443, 443), (80, 443), (0, 65535), (5432, 5432))), dice.choice(peers)) for _ in range(dice.randint(0, 4))]  # fmt: skip


def _acl(dice):
    """Give the rules of one direction of an ACL, with numbers that are not in order."""
    if dice.random() < 0.55:
        return [(100, "allow", "-1", None, ANY)]
    numbers = dice.sample(range(10, 400), dice.randint(1, 5))
    found = []
    for number in numbers:
        span = dice.choice(SPANS)
        protocol = "-1" if span is None else dice.choice(("6", "6", "6", "17"))
        found.append((number, dice.choice(("allow", "allow", "allow", "deny")), protocol, span, dice.choice(CIDRS)))
    if dice.random() < 0.75:
        found.append((500, "allow", "-1", None, ANY))
    return found


def _acl6(dice):
    """Give the IPv6 rules of one direction, numbered between those of IPv4."""
    if dice.random() < 0.55:
        return [(601, "allow", "-1", None, "::/0")]
    numbers = dice.sample(range(601, 900), dice.randint(1, 4))
    found = [(number, dice.choice(("allow", "allow", "deny")), "6", dice.choice(SPANS[1:]), dice.choice(CIDRS6)) for number in numbers]
    return found + ([(950, "allow", "-1", None, "::/0")] if dice.random() < 0.75 else [])


def _routes6(dice):
    default = dice.choice(("igw-1", "eigw-1", "eigw-1", None, "blackhole"))
    found = [route("::/0", "eigw-gone", State="blackhole")] if default == "blackhole" else [route("::/0", default)] if default else []
    return found + ([route("2001:db8:2::/56", "pcx-1")] if dice.random() < 0.75 else [])


def _dual(net, seed):
    """Give a network IPv6 beside what it has; the IPv4 part of a seed stays as it is."""
    dice = random.Random(f"{seed}-six")  # noqa: S311 - as above
    net.add("EgressOnlyInternetGateways", EgressOnlyInternetGatewayId="eigw-1", Attachments=[{"VpcId": "vpc-1", "State": "attached"}])
    net.things["Vpcs"][1]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] = "2001:db8:2::/56"
    for subnet in net.things["Subnets"]:
        subnet["Ipv6CidrBlockAssociationSet"] = [{"Ipv6CidrBlock": NETS6[subnet["SubnetId"]]}]
    for table in net.things["RouteTables"]:
        near = table["VpcId"] == "vpc-1"
        table["Routes"].append(route("2001:db8:1::/56" if near else "2001:db8:2::/56", "local"))
        table["Routes"] += _routes6(dice) if near else [route("2001:db8:1::/56", "pcx-1")]
    for acl in net.things["NetworkAcls"]:
        acl["Entries"] += [entry(way, *one) for way in (True, False) for one in _acl6(dice)]
    for group in net.things["SecurityGroups"]:
        for field in ("IpPermissions", "IpPermissionsEgress"):
            if dice.random() < 0.7:
                group[field].append(rule("-1", 0, "::/0"))
            else:
                ports = ((443, 443), (80, 443), (0, 65535))
                group[field] += [rule("tcp", dice.choice(ports), dice.choice(CIDRS6)) for _ in range(dice.randint(0, 2))]
    for eni in net.things["NetworkInterfaces"]:
        eni["Ipv6Addresses"] = [{"Ipv6Address": SIX[eni["NetworkInterfaceId"].removeprefix("eni-")]}]
    for instance in net.things["Instances"]:
        for inner in instance["NetworkInterfaces"]:
            inner["Ipv6Addresses"] = [{"Ipv6Address": SIX[inner["NetworkInterfaceId"].removeprefix("eni-")]}]
    return net


def _nat_acl(dice):
    """Give an ACL for the subnet of the NAT gateway: its source ports are all of 1024-65535, so that no rule cuts them."""
    return [one for one in _acl(dice) if one[3] not in ((32768, 60999), (40000, 50000))]


def _routes(dice, *, nat, peered):
    found = []
    default = dice.choice(("igw-1", "igw-1", "nat-1", "nat-1", "nat-1", None, "blackhole"))
    if nat and default == "nat-1" and dice.random() < 0.8:
        default = "igw-1"
    if default == "blackhole":
        found.append(route(ANY, "nat-gone", State="blackhole"))
    elif default:
        found.append(route(ANY, default))
    if peered:
        found.append(route("10.1.0.0/16", "pcx-1"))
    if dice.random() < 0.25:
        found.append(route(dice.choice(("93.184.216.0/24", "52.218.0.0/24")), dice.choice(("igw-1", "nat-1"))))
    if dice.random() < 0.15:
        found.append(route("93.184.216.34/32", "nat-gone", State="blackhole"))
    return found


def network(seed):
    """Give one random network."""
    dice = random.Random(seed)  # noqa: S311 - tests want the same network again
    net = Net().vpc().igw().lists()
    names = ["sg-1", "sg-2", "sg-3"]
    home = dice.choice(("subnet-a", "subnet-a", "subnet-a", "subnet-b"))
    peered = {name: dice.random() < 0.75 for name in SUBNETS}
    peered[home] = all(peered.values())  # whether a NAT gateway sends into a peering AWS's pages do not say
    for name, cidr in SUBNETS.items():
        nat = name == home
        acl = _nat_acl if nat else _acl
        net.subnet(name, cidr, out=acl(dice), into=acl(dice), routes=_routes(dice, nat=nat, peered=peered[name]))
    net.vpc("vpc-2", "10.1.0.0/16")
    back = [route("10.0.0.0/16", "pcx-1")] if dice.random() < 0.7 else [route("10.0.1.0/24", "pcx-1")]
    net.subnet("subnet-z", FAR["subnet-z"], vpc="vpc-2", local="10.1.0.0/16", out=_acl(dice), into=_acl(dice), routes=back)
    sides = {f"{side}VpcInfo": {"VpcId": vpc, "CidrBlock": cidr, "Region": "eu-west-1", "OwnerId": "111122223333"}
             for side, vpc, cidr in (("Requester", "vpc-1", "10.0.0.0/16"), ("Accepter", "vpc-2", "10.1.0.0/16"))}  # fmt: skip
    net.add("VpcPeeringConnections", VpcPeeringConnectionId="pcx-1", Status={"Code": "active"}, **sides)
    for name in names:
        net.group(name, out=_group(dice, names), into=_group(dice, names))
    net.nat("nat-1", home, "10.0.0.9" if home == "subnet-a" else "10.0.1.9")
    for name, (subnet, address) in HOSTS.items():
        public = f"198.51.100.{10 + len(net.things['NetworkInterfaces'])}" if dice.random() < 0.5 else None
        net.instance(f"i-{name}", address, subnet, *dice.sample(names, dice.randint(1, 2)), public=public)
    for name, (subnet, address) in FAR_HOSTS.items():
        net.eni(f"eni-{name}", address, subnet, *dice.sample(names, 1), vpc="vpc-2", Attachment={"InstanceId": f"i-{name}"})
    tables = [f"rtb-{name[-1]}" for name in SUBNETS if dice.random() < 0.5]
    net.gateway_endpoint(*tables, policy=FULL)
    return _dual(net, seed)


def probes6(seed, many=8):
    """Give connections over IPv6 to try."""
    dice = random.Random(f"{seed}-probes6")  # noqa: S311 - as above
    found = []
    for number in range(many):
        source = dice.choice(sorted(SIX))
        to = dice.choice([one for name, one in SIX.items() if name != source] + ([PUBLIC6] * 2 if source != "z1" else []))
        found.append(Probe(source, dice.choice((34000, 46000, 62500)) + number, to, dice.choice(PORTS)))
    return found


def probes(seed, many=24):
    """Give connections to try: everything to everything, some of it."""
    dice = random.Random(f"{seed}-probes")  # noqa: S311 - as above
    sources = [*HOSTS, *FAR_HOSTS]
    addresses = [address for _, address in (*HOSTS.values(), *FAR_HOSTS.values())] + [PUBLIC, PUBLIC, *STORE]
    own = {**HOSTS, **FAR_HOSTS}
    found = []
    for number in range(many):
        source = dice.choice(sources)
        to = dice.choice([one for one in addresses if one != own[source][1]])
        if source == "z1" and not to.startswith("10.0."):
            to = dice.choice([address for _, address in HOSTS.values()])
        found.append(Probe(source, dice.choice((33000, 45000, 61500)) + number, to, dice.choice(PORTS)))
    return found
