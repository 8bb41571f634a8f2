"""An internet gateway: attached, a public address on the sender, and Block Public Access.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach import addresses
from undeny.reach.far import past_the_gate
from undeny.reach.leg import Leg, Way
from undeny.reach.model import Hop
from undeny.reach.names import Resolved
from undeny.reach.public_access import public_access_hop
from undeny.reach.routing import target

TARGETS = ("igw",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"
_ATTACHED = ("available", "attached")


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """End on the internet, or come back in to one of our own public addresses."""
    del resolved
    name = target(route)
    out = (_attached(leg, name), *_private(leg, name), *_addressed(leg, name), *public_access_hop(leg, by="igw"))
    return past_the_gate(leg, name, out)


def _attached(leg: Leg, name: str) -> Hop:
    held = leg.world.get("InternetGateways", name)
    if isinstance(held, Gap):
        return Hop(kind="internet-gateway", id=name, verdict="unknown", says=f"{name} was not read", gap=held)
    for one in held.get("Attachments", ()):
        if one.get("VpcId") == leg.sender.vpc and one.get("State", "available") in _ATTACHED:
            return Hop(kind="internet-gateway", id=name, verdict="open", says=f"{name} is attached to {leg.sender.vpc}")
    told = f"{name} is not attached to {leg.sender.vpc}"
    hint = {"attach": name, "vpc": leg.sender.vpc}
    return Hop(kind="internet-gateway", id=name, verdict="blocked", says=told, code="BAD_STATE_ATTACHMENT", hint=hint)


def _private(leg: Leg, name: str) -> tuple[Hop, ...]:
    for net in leg.ranges:
        if net.version == 6:
            continue
        private = any(net.overlaps(own) for own in addresses.PRIVATE)
        if private or net.overlaps(addresses.SHARED):
            code = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS" if private else "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"
            told = f"{net} is a private address: {name} drops it"
            return (Hop(kind="internet-gateway", id=name, verdict="blocked", says=told, code=code, hint={"private": True}),)
    return ()


def _addressed(leg: Leg, name: str) -> tuple[Hop, ...]:
    """Check the sender's public address; an IPv6 address needs no second one."""
    if leg.ipv6:
        return ()
    who = leg.sender
    place = who.interface or who.subnet
    if who.public:
        return (Hop(kind="internet-gateway", id=place, verdict="open", says=f"{who.name} has a public IPv4 address"),)
    if who.public is None:
        gap = Gap(
            what=f"whether what is in {who.subnet} has a public address",
            why="a subnet as such does not say",
            how="give --from eni-... or i-...",
        )
        told = f"whether the source in {who.subnet} has a public IPv4 address is not known"
        return (Hop(kind="internet-gateway", id=place, verdict="unknown", says=told, gap=gap),)
    why = "a function never gets one" if who.managed else "and an internet gateway translates only addresses that have one"
    told = f"{who.name} has no public IPv4 address, {why}: {name} drops what it sends"
    hint = {"managed": who.managed, "interface": who.interface}
    return (Hop(kind="internet-gateway", id=name, verdict="blocked", says=told, code="IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", hint=hint),)
