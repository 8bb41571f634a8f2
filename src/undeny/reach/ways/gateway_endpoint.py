"""A gateway endpoint (S3, DynamoDB), reached by a route to its prefix list.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.reach.endpoints import policy_hop, state_hop
from undeny.reach.leg import Leg, Way
from undeny.reach.model import Hop
from undeny.reach.names import Resolved
from undeny.reach.routing import target

TARGETS = ("vpce",)
SOURCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"
_CARRIES = ("tcp", "icmp", "icmpv6")


def walk(leg: Leg, route: Thing, resolved: Resolved | None) -> Way:
    """End at the service; behind a Gateway Load Balancer's endpoint an appliance decides, which nobody here can read."""
    del resolved
    name = target(route)
    held = leg.world.get("VpcEndpoints", name)
    if isinstance(held, Gap):
        return Way(via=name, hops=(Hop(kind="gateway-endpoint", id=name, verdict="unknown", says=f"{name} was not read", gap=held),))
    if held.get("VpcEndpointType") == "GatewayLoadBalancer":
        gap = Gap(what=f"what the appliance behind {name} lets through", why="it is no setting of AWS's")
        told = f"{name} sends it through an appliance, which decides by rules of its own"
        return Way(via=name, hops=(Hop(kind="elsewhere", id=name, verdict="unknown", says=told, gap=gap),))
    hops = [state_hop(held, "gateway-endpoint")]
    if leg.to.protocol not in _CARRIES:
        told = f"{name} carries TCP and ping only"
        hops.append(Hop(kind="gateway-endpoint", id=name, verdict="blocked", says=told, code="VPCE_GATEWAY_PROTOCOL_RESTRICTION"))
    return Way(via=name, hops=(*hops, *policy_hop(leg, held)))
