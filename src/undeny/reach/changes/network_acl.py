"""An entry of a network ACL, numbered so that it comes before the rule that denies, and before nothing else if that can be helped."""

from collections.abc import Iterator
from typing import Any

from undeny.evidence.model import Gap
from undeny.reach import addresses, ports, words
from undeny.reach.changes._offer import Offer, Place, everywhere
from undeny.reach.filters import NUMBERS
from undeny.reach.model import Step

KINDS = ("network-acl",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html"
_FEW, _LAST, _APART = 2, 32766, 10


def offer(place: Place) -> Iterator[Offer]:
    """Add one entry for each address block, or one for all of them where they are many."""
    acl = place.world.get("NetworkAcls", place.hop.id)
    if isinstance(acl, Gap):
        return
    hint = place.hop.hint
    peers = addresses.read(hint["peer"])
    six = any(net.version == 6 for net in peers)
    wider = ""
    cidrs = [str(net) for net in peers]
    if len(cidrs) > _FEW:
        cidrs = [everywhere(ipv6=six)]
        wider = (
            f"an ACL takes no prefix list, and {place.path.destination.name} has no fixed addresses: every address on these ports passes"
        )
    steps = []
    taken: list[int] = []
    for cidr in cidrs:
        for low, high in hint["dropped"] or ((0, 65535),):
            number = _number(acl, place, taken)
            if number is None:
                return
            taken.append(number)
            entry = {"RuleNumber": number, "RuleAction": "allow", "Egress": hint["egress"], **_what(hint, low, high)}
            entry["Ipv6CidrBlock" if six else "CidrBlock"] = cidr
            steps.append(
                Step(
                    operation="ec2:CreateNetworkAclEntry",
                    target=str(acl["NetworkAclId"]),
                    parameters={"NetworkAclId": acl["NetworkAclId"], **entry},
                    undo="ec2:DeleteNetworkAclEntry",
                )
            )
    way = "out" if hint["egress"] else "in"
    says = f"{hint['protocol']} {ports.text(tuple(hint['dropped']))} {way} {'to' if way == 'out' else 'from'} {', '.join(cidrs)}"
    before = place.hop.rule and place.hop.rule.get("RuleNumber") != 32767
    title = f"add rule {', '.join(map(str, taken))} to {acl['NetworkAclId']}: {says}" + (
        f", before {words.acl_rule(place.hop.rule or {})}" if before else ""
    )
    guard = (
        f"{words.acl_rule(place.hop.rule or {})} of {acl['NetworkAclId']} was written to stop something: ask its owner" if before else ""
    )
    yield Offer(title=title, steps=tuple(steps), wider=wider, guard=guard)


def _what(hint: Any, low: int, high: int) -> dict[str, Any]:
    protocol = NUMBERS[hint["protocol"]]
    if hint["protocol"].startswith("icmp"):
        return {"Protocol": protocol, "IcmpTypeCode": {"Type": hint["icmp"][0], "Code": hint["icmp"][1]}}
    return {"Protocol": protocol, "PortRange": {"From": low, "To": high}}


def _number(acl: Any, place: Place, taken: list[int]) -> int | None:
    """Give a free number: just before the rule that denies, or after the last one where none does."""
    used = {int(one["RuleNumber"]) for one in acl.get("Entries", ()) if bool(one.get("Egress")) is place.hop.hint["egress"]} | set(taken)
    deny = int((place.hop.rule or {}).get("RuleNumber", 32767))
    if deny == 32767:
        last = max((one for one in used if one <= _LAST), default=90)
        step = next((n for n in range(last + _APART, _LAST + 1, _APART) if n not in used), None)
        return step or next((n for n in range(_LAST, 0, -1) if n not in used), None)
    return next((n for n in range(deny - 1, 0, -1) if n not in used), None)
