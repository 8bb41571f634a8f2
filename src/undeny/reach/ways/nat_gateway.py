"""A NAT gateway: in service, its own subnet's ACL both ways, its own route on.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.addresses import read
from undeny.reach.leg import Leg, Way, acl_hop
from undeny.reach.model import Hop, Source
from undeny.reach.names import Resolved
from undeny.reach.ports import EPHEMERAL
from undeny.reach.routing import target
from undeny.reach.walk import onward

TARGETS = ("nat",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"
# https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
_CARRIES = ("tcp", "udp", "icmp")


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """Go on as the gateway, from its subnet."""
    del resolved
    name = target(route)
    held = leg.world.get("NatGateways", name)
    if isinstance(held, Gap):
        return Way(via=name, hops=(Hop(kind="nat-gateway", id=name, verdict="unknown", says=f"{name} was not read", gap=held),))
    first = _self(leg, held, name)
    if name in leg.passed:
        told = f"the route table of {name}'s own subnet leads back to {name}: it stands in a private subnet"
        loop = Hop(kind="nat-gateway", id=name, verdict="blocked", says=told, code="NO_ROUTE_TO_DESTINATION", hint={"nat": name})
        return Way(via=name, hops=(loop,))
    if first.verdict == "blocked":
        return Way(via=name, hops=(first,))
    gateway = _sender(held, name)
    after = Leg(
        world=leg.world, question=leg.question, sender=gateway, to=leg.to, ranges=leg.ranges, region=leg.region, passed=(*leg.passed, name)
    )
    if held.get("AvailabilityMode") == "regional" or not held.get("SubnetId"):
        hops, via = onward(after, str(held.get("RouteTableId")), own_table=True)
        return Way(via=f"{name} → {via}" if via else name, hops=(first, *hops))
    hops, via = onward(after, gateway.subnet)
    return Way(via=f"{name} → {via}" if via else name, hops=_in_its_subnet(leg, after, first, hops))


def _in_its_subnet(leg: Leg, after: Leg, first: Hop, hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Put the checks of the gateway's own subnet around it: in from the sender, out to where it goes, and both again for the answer."""
    subnet = after.sender.subnet
    outward = acl_hop(after, subnet, after.packet(leg.ranges), egress=True, answer=False)
    answer = acl_hop(after, subnet, after.packet(leg.ranges, answer=True), egress=False, answer=True)
    if subnet == leg.sender.subnet:
        return (first, outward, *hops, answer)
    inward = acl_hop(leg, subnet, leg.packet(leg.origin), egress=False, answer=False)
    back = acl_hop(leg, subnet, leg.packet(leg.origin, answer=True), egress=True, answer=True)
    return (inward, first, outward, *hops, answer, back)


def _self(leg: Leg, held: Thing, name: str) -> Hop:
    state = held.get("State", "available")
    if state != "available":
        told = f"{name} is {state}" + (f": {held['FailureMessage']}" if held.get("FailureMessage") else "")
        return Hop(kind="nat-gateway", id=name, verdict="blocked", says=told, code="BAD_STATE", hint={"nat": name})
    if leg.ipv6:
        # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html: only 64:ff9b::/96
        told = f"{name} carries IPv6 only by NAT64, for addresses in 64:ff9b::/96"
        return Hop(kind="nat-gateway", id=name, verdict="blocked", says=told, code="PROTOCOL_RESTRICTION")
    if leg.to.protocol not in _CARRIES:
        return Hop(
            kind="nat-gateway", id=name, verdict="blocked", says=f"{name} does not carry {leg.to.protocol}", code="PROTOCOL_RESTRICTION"
        )
    kind = held.get("ConnectivityType", "public")
    return Hop(
        kind="nat-gateway",
        id=name,
        verdict="open",
        says=f"{name}, a {kind} NAT gateway in {held.get('SubnetId', 'the Region')}, is available",
    )


def _sender(held: Thing, name: str) -> Source:
    addresses = held.get("NatGatewayAddresses", ())
    return Source(
        name=name,
        interface=next((one.get("NetworkInterfaceId") for one in addresses), None),
        subnet=str(held.get("SubnetId")),
        vpc=str(held.get("VpcId")),
        ranges=read(one.get("PrivateIp", "") for one in addresses[:1]),
        groups=None,
        public_address=next((one["PublicIp"] for one in addresses if one.get("PublicIp")), None),
        public=held.get("ConnectivityType", "public") == "public" and any(one.get("PublicIp") for one in addresses),
        client=EPHEMERAL,  # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html: ports 1024-65535
        sure=True,
        managed=True,
    )
