"""VPC Block Public Access: what passes internet gateways in an account's Region, and the exclusions.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
"""

from typing import Literal

from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.iam.arn import Arn
from undeny.reach.leg import Leg
from undeny.reach.model import Hop

_GONE = ("delete-in-progress", "delete-complete", "create-failed", "disable-in-progress", "disable-complete")
_CODE = "VPC_BLOCK_PUBLIC_ACCESS_ENABLED"


def public_access_hop(leg: Leg, *, by: Literal["igw", "eigw"]) -> tuple[Hop, ...]:
    """Check Block Public Access for a packet that leaves by an internet gateway (`igw`) or an egress-only one (`eigw`).

    A NAT gateway's packets leave by the internet gateway too, and are answers only: block-ingress lets them be.
    """
    network = leg.world.home("Subnets", leg.sender.subnet) or leg.world.home("Vpcs", leg.sender.vpc)
    unread = leg.world.unread("VpcBlockPublicAccessOptions", network)
    if unread is not None:
        told = "whether VPC Block Public Access is on is not known"
        return (Hop(kind="block-public-access", id=leg.region, verdict="unknown", says=told, gap=unread),)
    region = network.region if network else leg.region
    held = next((one for one in leg.world.all("VpcBlockPublicAccessOptions") if one.get("AwsRegion", region) == region), {})
    mode = str(held.get("InternetGatewayBlockMode", "off"))
    one_way = by == "eigw" or any(name.startswith("nat-") for name in leg.passed)
    if mode == "off" or (mode == "block-ingress" and one_way):
        return ()
    excluded = _exclusion(leg)
    if isinstance(excluded, Gap):
        told = f"VPC Block Public Access is {mode}; whether {leg.sender.subnet} is excluded is not known"
        return (Hop(kind="block-public-access", id=leg.region, verdict="unknown", says=told, gap=excluded),)
    if excluded is not None:
        told = f"VPC Block Public Access is {mode}, and {excluded['ExclusionId']} excludes {leg.sender.subnet}"
        if excluded.get("InternetGatewayExclusionMode") == "allow-bidirectional" or one_way:
            return (Hop(kind="block-public-access", id=str(excluded["ExclusionId"]), verdict="open", says=told),)
        gap = Gap(what="whether an egress-only exclusion lets answers in by an internet gateway", why="AWS's pages do not say")
        return (
            Hop(kind="block-public-access", id=str(excluded["ExclusionId"]), verdict="unknown", says=f"{told}, for egress only", gap=gap),
        )
    told = f"VPC Block Public Access is {mode} in {region}, and {leg.sender.subnet} is not excluded from it"
    hint = {"subnet": leg.sender.subnet, "mode": "allow-egress" if one_way else "allow-bidirectional", "managed": held.get("ManagedBy")}
    return (Hop(kind="block-public-access", id=leg.region, verdict="blocked", says=told, code=_CODE, rule=held, hint=hint),)


def _exclusion(leg: Leg) -> Thing | Gap | None:
    for one in leg.world.all("VpcBlockPublicAccessExclusions"):
        arn = Arn.parse(one.get("ResourceArn", ""))
        name = arn.resource.rpartition("/")[2] if arn else one.get("ResourceArn")
        if name in (leg.sender.subnet, leg.sender.vpc) and one.get("State") not in _GONE:
            return one
    return leg.world.unread("VpcBlockPublicAccessExclusions")
