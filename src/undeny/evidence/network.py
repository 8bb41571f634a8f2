"""What is known of a network: AWS's own answers, kind by kind, under the field names of its API.

Each kind is the list that one Describe call gives (`Subnets`, `RouteTables`, ...). Three kinds are answers joined to what they belong
to: a VPC carries `EnableDnsSupport` and `EnableDnsHostnames` (DescribeVpcAttribute), a prefix list its `Entries`
(GetManagedPrefixListEntries), a transit gateway route table its `Associations` and `Routes` (SearchTransitGatewayRoutes).
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from undeny.errors import UndenyError
from undeny.evidence import files
from undeny.evidence.model import Gap

Thing = Mapping[str, Any]
IDS: Mapping[str, str] = {
    "Vpcs": "VpcId",
    "Subnets": "SubnetId",
    "RouteTables": "RouteTableId",
    "NetworkAcls": "NetworkAclId",
    "SecurityGroups": "GroupId",
    "NetworkInterfaces": "NetworkInterfaceId",
    "Instances": "InstanceId",
    "VpcEndpoints": "VpcEndpointId",
    "NatGateways": "NatGatewayId",
    "InternetGateways": "InternetGatewayId",
    "EgressOnlyInternetGateways": "EgressOnlyInternetGatewayId",
    "PrefixLists": "PrefixListId",
    "VpcPeeringConnections": "VpcPeeringConnectionId",
    "TransitGateways": "TransitGatewayId",
    "TransitGatewayVpcAttachments": "TransitGatewayAttachmentId",
    "TransitGatewayRouteTables": "TransitGatewayRouteTableId",
    "VpcBlockPublicAccessOptions": "AwsRegion",
    "VpcBlockPublicAccessExclusions": "ExclusionId",
    "DhcpOptions": "DhcpOptionsId",
    "Functions": "FunctionName",
    "Tasks": "taskArn",
}
"""Every kind, with the field that names one thing of it."""


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """The network of one account in one Region. A kind that is not in `things` was not read; a `Gap` says why it could not be.

    `gaps` are refused reads of single things (one VPC's attributes, one prefix list's entries); their fields are then absent.
    """

    account: str
    region: str
    things: Mapping[str, tuple[Thing, ...] | Gap] = {}
    gaps: tuple[Gap, ...] = ()
    source: str | None = None
    read_at: datetime | None = None


def read(folder: Path) -> tuple[Network, ...]:
    """Read the networks of a snapshot: `accounts/ID/network/REGION/KIND.json`. `()` where it has none."""
    return tuple(_read(place) for place in sorted(folder.glob("accounts/*/network/*")) if place.is_dir())


def _read(place: Path) -> Network:
    held = {file.stem: files.load(file) for file in sorted(place.glob("*.json"))}
    head = held.pop("about", {})
    try:
        things = {kind: files.gap(one) if "gap" in one else tuple(one[kind]) for kind, one in held.items() if kind in IDS}
        gaps = tuple(msgspec.convert(head.get("refused", []), list[Gap]))
        at = datetime.fromisoformat(head["time"]) if head.get("time") else None
    except (KeyError, TypeError, ValueError) as error:
        raise UndenyError(f"`{place}` of the snapshot is no network: {error}", code="malformed-snapshot") from error
    account, region = place.parts[-3], place.name
    return Network(account=account, region=region, things=things, gaps=gaps, source=head.get("by"), read_at=at)


def write(folder: Path, networks: tuple[Network, ...]) -> None:
    """Write networks into a snapshot's folder. Raises `UndenyError` where it cannot be written."""
    try:
        for network in networks:
            place = folder / "accounts" / network.account / "network" / network.region
            for kind, held in network.things.items():
                files.save(place / f"{kind}.json", files.write_gap(held) if isinstance(held, Gap) else {kind: msgspec.to_builtins(held)})
            files.save(place / "about.json", _about(network))
        head = folder / "snapshot.json"
        old: dict[str, Any] = files.load(head) if head.is_file() else {"schema": 1}
        accounts = sorted({*map(str, old.get("accounts", ())), *(network.account for network in networks)})
        files.save(head, {**old, "accounts": accounts})
    except OSError as error:
        raise UndenyError(f"the snapshot `{folder}` cannot be written: {error.strerror}", code="snapshot-unwritable") from error


def _about(network: Network) -> dict[str, Any]:
    return {
        "time": network.read_at.isoformat() if network.read_at else None,
        "by": network.source,
        "refused": [msgspec.to_builtins(gap) for gap in network.gaps],
    }
