"""An egress-only internet gateway: IPv6 out, answers back, nothing new in.

https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.far import past_the_gate
from undeny.reach.leg import Leg, Way
from undeny.reach.model import Hop
from undeny.reach.names import Resolved
from undeny.reach.public_access import public_access_hop
from undeny.reach.routing import target

TARGETS = ("eigw",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html"


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """End on the internet."""
    del resolved
    name = target(route)
    held = leg.world.get("EgressOnlyInternetGateways", name)
    if isinstance(held, Gap):
        hop = Hop(kind="egress-only-internet-gateway", id=name, verdict="unknown", says=f"{name} was not read", gap=held)
        return Way(via=name, hops=(hop, *public_access_hop(leg, by="eigw")))
    attached = any(
        a.get("VpcId") == leg.sender.vpc and a.get("State", "attached") in ("attached", "available") for a in held.get("Attachments", ())
    )
    told = f"{name} is {'' if attached else 'not '}attached to {leg.sender.vpc}"
    hop = Hop(
        kind="egress-only-internet-gateway", id=name, says=told,
        verdict="open" if attached else "blocked", code=None if attached else "BAD_STATE_ATTACHMENT",
    )  # fmt: skip
    return past_the_gate(leg, name, (hop, *public_access_hop(leg, by="eigw")))
