"""What a name resolves to in a VPC: AWS's public addresses, or an interface endpoint's private ones.

Private DNS: https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
The VPC's attributes: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

from collections.abc import Iterator

import msgspec

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.addresses import Ranges, public, read
from undeny.reach.model import Destination, Hop, Question, Source
from undeny.reach.world import World, interface_at

_OWN_RESOLVER = ("AmazonProvidedDNS", "169.254.169.253", "fd00:ec2::253")


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """What a name may resolve to. `endpoint` is the interface endpoint, `interface` which of its interfaces; `when` what that needs."""

    ranges: Ranges
    hops: tuple[Hop, ...] = ()
    endpoint: Thing | None = None
    interface: Thing | None = None
    subnet: str | None = None
    when: str = ""
    guessed: bool = False


class Resolver(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for names in a VPC. `None` where it was not read; `custom` are servers that are not AWS's."""

    vpc: str
    support: bool | None
    hostnames: bool | None
    custom: tuple[str, ...] | None
    gap: Gap | None = None


def resolver(world: World, vpc: str) -> Resolver:
    """Give who answers for names in a VPC."""
    held = world.get("Vpcs", vpc)
    if isinstance(held, Gap):
        return Resolver(vpc=vpc, support=None, hostnames=None, custom=None, gap=held)
    options = held.get("DhcpOptionsId")
    custom: tuple[str, ...] | None = ()
    gap: Gap | None = None
    if options and options != "default":
        told = world.get("DhcpOptions", options)
        if isinstance(told, Gap):
            custom, gap = None, told
        else:
            custom = _servers(told, held)
    support, hostnames = held.get("EnableDnsSupport"), held.get("EnableDnsHostnames")
    if support is None or hostnames is None:
        gap = Gap(what=f"the DNS attributes of {vpc}", why="not read", permission="ec2:DescribeVpcAttribute")
    return Resolver(vpc=vpc, support=support, hostnames=hostnames, custom=custom, gap=gap)


def _servers(options: Thing, vpc: Thing) -> tuple[str, ...]:
    """Give the name servers that are not AWS's own: the VPC's base address plus two is.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    named = [
        value["Value"]
        for one in options.get("DhcpConfigurations", ())
        if one.get("Key") == "domain-name-servers"
        for value in one["Values"]
    ]
    plus_two = [str(net.network_address + 2) for net in read([vpc.get("CidrBlock", "")])]
    return () if any(one in (*_OWN_RESOLVER, *plus_two) for one in named) else tuple(named)


def resolve(world: World, source: Source, to: Destination, question: Question) -> tuple[Resolved, ...]:
    """Give what the name may resolve to in the source's VPC: several where an endpoint has several addresses, or it is not known."""
    if to.host is None:
        named = world.get("NetworkInterfaces", to.interface) if to.interface else interface_at(world, to.ranges, source.vpc)
        held = None if isinstance(named, Gap) else named
        return (Resolved(ranges=to.ranges, interface=held),)
    if to.host in question.resolve and to.service is None:
        return (Resolved(ranges=to.ranges),)
    own = resolver(world, source.vpc)
    if to.interface is not None:
        return tuple(_named_endpoint(world, to, own))
    if own.support is False and own.custom == ():
        return (Resolved(ranges=to.ranges, hops=(_off(own),)),)
    endpoints = [one for one in world.all("VpcEndpoints", VpcId=source.vpc) if _serves(one, to)]
    unread = world.unread("VpcEndpoints") if to.service else None
    if unread is not None and not endpoints:
        told = f"whether an interface endpoint for {to.service} answers for {to.host} in {source.vpc} is not known"
        return (_public(to, own, Hop(kind="dns", id=source.vpc, verdict="unknown", says=told, gap=unread)),)
    private = [one for one in endpoints if answers(one)]
    if not private:
        return (_public(to, own, _plain(to, own, endpoints)),)
    return tuple(_private(world, to, own, private))


def answers(endpoint: Thing) -> bool:
    """Tell whether an interface endpoint answers for the service's own name in the VPC.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html#private-dns-s3
    """
    only_inbound = endpoint.get("DnsOptions", {}).get("PrivateDnsOnlyForInboundResolverEndpoint")
    return bool(endpoint.get("PrivateDnsEnabled")) and not only_inbound


def _serves(endpoint: Thing, to: Destination) -> bool:
    if str(endpoint.get("VpcEndpointType", "Gateway")).lower() != "interface":
        return False
    if any(_named(one.get("DnsName", ""), str(to.host)) for one in endpoint.get("DnsEntries", ())):
        return True
    return bool(to.service) and str(endpoint.get("ServiceName", "")).endswith(f".{to.region}.{to.service}")


def _named(entry: str, host: str) -> bool:
    """Tell whether an endpoint's own list of names has this one; `*.` stands for whatever comes before."""
    return entry == host or (entry.startswith("*.") and host.endswith(entry[1:]))


def _off(own: Resolver) -> Hop:
    told = f"DNS is off in {own.vpc} (enableDnsSupport is false): no name resolves there"
    return Hop(kind="dns", id=own.vpc, verdict="blocked", says=told, hint={"EnableDnsSupport": True})


def _public(to: Destination, own: Resolver, hop: Hop) -> Resolved:
    if not to.ranges:
        gap = Gap(
            what=f"what {to.host} resolves to in {own.vpc}",
            why="it may be in a private hosted zone",
            how=f"give --resolve {to.host}=ADDRESS",
        )
        hop = Hop(kind="dns", id=own.vpc, verdict="unknown", says=f"what {to.host} resolves to there is not known", gap=gap)
        return Resolved(ranges=public(), hops=(hop,), when=f"{to.host} has a public address", guessed=True)
    return Resolved(ranges=to.ranges, hops=(hop,))


def _plain(to: Destination, own: Resolver, endpoints: list[Thing]) -> Hop:
    """Say that the name resolves to public addresses, and whether that is sure."""
    if own.support is None and own.custom != ():
        return Hop(kind="dns", id=own.vpc, verdict="unknown", says=f"who answers for {to.host} in {own.vpc} is not known", gap=own.gap)
    if own.support is None:
        return Hop(kind="dns", id=own.vpc, verdict="unknown", says=f"whether DNS is on in {own.vpc} is not known", gap=own.gap)
    if own.custom:
        told = f"{', '.join(own.custom)}, not AWS's resolver, answers for {to.host}"
        gap = Gap(what=f"what {', '.join(own.custom)} answers for {to.host}", why="it is not AWS's", how=f"dig {to.host} on the source")
        verdict = "open" if not endpoints else "unknown"
        return Hop(
            kind="dns", id=own.vpc, verdict="open" if verdict == "open" else "unknown", says=told, gap=None if verdict == "open" else gap
        )
    note = ""
    if endpoints:
        first = endpoints[0]
        why = "is for inbound resolvers only" if first.get("PrivateDnsEnabled") else "is off"
        note = f"private DNS of {first['VpcEndpointId']} {why}: the endpoint is not used by this name"
    hint = {"endpoint": endpoints[0]["VpcEndpointId"]} if endpoints else {}
    return Hop(kind="dns", id=own.vpc, verdict="open", says=f"{to.host} resolves to public addresses of the service", note=note, hint=hint)


def _private(world: World, to: Destination, own: Resolver, endpoints: list[Thing]) -> Iterator[Resolved]:
    endpoint = endpoints[0]
    name = endpoint["VpcEndpointId"]
    works = own.support and own.hostnames
    if works is False:
        lacking = "enableDnsSupport" if own.support is False else "enableDnsHostnames"
        told = f"{lacking} of {own.vpc} is off: private DNS of {name} does not answer, {to.host} resolves to public addresses"
        hint = {"EnableDnsSupport": True} if own.support is False else {"EnableDnsHostnames": True}
        yield _public(to, own, Hop(kind="dns", id=own.vpc, verdict="open", says=told, hint={**hint, "endpoint": name}))
        return
    sure = works and own.custom == ()
    when = "" if sure else f"{to.host} resolves to {name}"
    says = f"{to.host} resolves to {name} (private DNS)"
    yield from _at(world, endpoint, Hop(kind="dns", id=own.vpc, verdict="open", says=says), when)
    if not sure:
        servers = ", ".join(own.custom or ()) or "the resolver"
        gap = own.gap or Gap(what=f"what {servers} answers for {to.host}", why="it is not AWS's own", how=f"dig {to.host} on the source")
        hop = Hop(kind="dns", id=own.vpc, verdict="unknown", says=f"whether {servers} knows the private name is not known", gap=gap)
        yield Resolved(ranges=to.ranges or public(), hops=(hop,), when=f"{to.host} resolves to public addresses")


def _named_endpoint(world: World, to: Destination, own: Resolver) -> Iterator[Resolved]:
    """Give the addresses of an endpoint that the host name itself names; that name is public, its addresses are not."""
    held = world.get("VpcEndpoints", str(to.interface))
    if isinstance(held, Gap):
        told = f"{to.interface} was not read"
        yield Resolved(ranges=read(["10.0.0.0/8"]), hops=(Hop(kind="dns", id=str(to.interface), verdict="unknown", says=told, gap=held),))
        return
    if own.support is False and own.custom == ():
        yield Resolved(ranges=(), hops=(_off(own),), endpoint=held)
        return
    yield from _at(world, held, Hop(kind="dns", id=own.vpc, verdict="open", says=f"{to.host} names {to.interface}"), "")


def _at(world: World, endpoint: Thing, hop: Hop, when: str) -> Iterator[Resolved]:
    """Give one entry for each interface of an endpoint, or for each subnet where its interfaces were not read."""
    found = [world.get("NetworkInterfaces", one) for one in endpoint.get("NetworkInterfaceIds", ())]
    read_ones = [one for one in found if not isinstance(one, Gap)]
    for one in read_ones:
        ranges = read([one.get("PrivateIpAddress", "")])
        yield Resolved(ranges=ranges, hops=(hop,), endpoint=endpoint, interface=one, subnet=one.get("SubnetId"), when=when)
    for subnet in () if read_ones else endpoint.get("SubnetIds", ()):
        held = world.get("Subnets", subnet)
        ranges = () if isinstance(held, Gap) else read([held.get("CidrBlock", "")])
        yield Resolved(ranges=ranges, hops=(hop,), endpoint=endpoint, subnet=subnet, when=when)
    if not read_ones and not endpoint.get("SubnetIds"):
        told = f"{endpoint['VpcEndpointId']} is in no subnet: it has no address"
        blocked = Hop(kind="interface-endpoint", id=endpoint["VpcEndpointId"], verdict="blocked", says=told, code="BAD_STATE")
        yield Resolved(ranges=(), hops=(hop, blocked), endpoint=endpoint, when=when)
