"""A rule of a security group: one port, one destination."""

from collections.abc import Iterator
from typing import Any

from undeny.evidence.model import Gap
from undeny.reach import addresses, words
from undeny.reach.changes._offer import Offer, Place, everywhere, peer_of
from undeny.reach.model import Hop, Step

KINDS = ("security-group",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
_FEW = 2


def offer(place: Place) -> Iterator[Offer]:
    """Add the rule to the group with the fewest other interfaces."""
    named = [one for one in place.hop.hint.get("groups", ()) if not isinstance(place.world.get("SecurityGroups", one), Gap)]
    if not named:
        return
    group = min(named, key=lambda one: _members(place, one))
    egress = place.hop.direction == "out"
    peer, wider = _to(place) if egress else _from(place)
    permission = {**place.ports, **peer}
    says = words.group_rule(permission, egress=egress)
    name = "Egress" if egress else "Ingress"
    step = Step(
        operation=f"ec2:AuthorizeSecurityGroup{name}",
        target=group,
        parameters={"GroupId": group, "IpPermissions": [permission]},
        undo=f"ec2:RevokeSecurityGroup{name}",
    )
    others = _members(place, group)
    shared = f"{group} is on {others} interfaces" if others > 1 else ""
    yield Offer(title=f"let {group} {'send' if egress else 'take'} {says}", steps=(step,), wider="; ".join(filter(None, (wider, shared))))


def _members(place: Place, group: str) -> int:
    return sum(1 for one in place.world.all("NetworkInterfaces") if group in {g["GroupId"] for g in one.get("Groups", ())})


def _to(place: Place) -> tuple[dict[str, Any], str]:
    """Give the narrowest peer for a rule out: the endpoint's list, the other end's group, its address; else all addresses."""
    to, path = place.path.destination, place.path
    last = next((one for one in path.hops if one.kind == "gateway-endpoint"), None)
    if last is not None:
        route = next((one.rule for one in path.hops if one.kind == "route-table" and one.rule), None)
        list_id = (route or {}).get("DestinationPrefixListId") or to.prefix_list
        if list_id:
            return {"PrefixListIds": [{"PrefixListId": list_id}]}, ""
    far = _far_groups(path.hops)
    if far:
        return {"UserIdGroupPairs": [{"GroupId": far[0]}]}, ""
    held = _exact(place)
    if held:
        return peer_of(held), ""
    six = place.question.ipv6
    cidr = everywhere(ipv6=six)
    told = f"{to.name} has no fixed addresses: every address on this port opens; an endpoint of the service would not need it"
    return {"Ipv6Ranges": [{"CidrIpv6": cidr}]} if six else {"IpRanges": [{"CidrIp": cidr}]}, told


def _far_groups(hops: tuple[Hop, ...]) -> tuple[str, ...]:
    """Give the groups of the other end where a rule may refer to them: in the same VPC, not across a gateway."""
    if any(one.kind in ("peering", "transit-gateway", "nat-gateway", "internet-gateway") for one in hops):
        return ()
    told = next((one for one in hops if one.kind == "security-group" and one.direction == "in"), None)
    if told is None:
        return ()
    return tuple(told.hint.get("groups", ())) or tuple(filter(None, [(told.rule or {}).get("GroupId")]))


def _exact(place: Place) -> addresses.Ranges:
    to = place.path.destination
    route = next((one for one in place.path.hops if one.kind == "route-table" and one.hint.get("to")), None)
    found = to.ranges or addresses.read(route.hint["to"] if route else ())
    return found if found and len(found) <= _FEW else ()


def _from(place: Place) -> tuple[dict[str, Any], str]:
    """Give the narrowest peer for a rule in: the source's group where references hold, else its address."""
    crossing = any(one.kind in ("transit-gateway", "nat-gateway", "internet-gateway") for one in place.path.hops)
    if place.groups and not crossing and place.hop.code != "SG_REFERENCES_NOT_PRESERVED":
        return {"UserIdGroupPairs": [{"GroupId": place.groups[0], **_owner(place)}]}, ""
    source = place.path.source
    public = _seen_as(place)
    if public:
        return peer_of(addresses.read([public])), ""
    return peer_of(source.ranges6 if place.question.ipv6 else source.ranges), ""


def _seen_as(place: Place) -> str | None:
    """Give the public address that the far end of an internet gateway sees: the NAT gateway's, or the source's own."""
    if not any(one.kind == "internet-gateway" for one in place.path.hops):
        return None
    nat = next((one.id for one in place.path.hops if one.kind == "nat-gateway"), None)
    held = place.world.get("NatGateways", nat) if nat else None
    if held is None or isinstance(held, Gap):
        return place.path.source.public_address
    return next((str(one["PublicIp"]) for one in held.get("NatGatewayAddresses", ()) if one.get("PublicIp")), None)


def _owner(place: Place) -> dict[str, str]:
    """Give the account of the source's group where the rule is in another one's.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """
    home = place.world.home("SecurityGroups", place.groups[0])
    return {"UserId": home.account} if home and any(one.kind == "peering" for one in place.path.hops) else {}
