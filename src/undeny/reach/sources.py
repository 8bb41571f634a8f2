"""From an id to the places that packets start from: the interfaces of an instance, a function, a task, a node; or a subnet as such."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.errors import UndenyError
from undeny.evidence.model import Gap
from undeny.evidence.network import Thing
from undeny.iam.arn import Arn
from undeny.reach.addresses import read
from undeny.reach.model import Source
from undeny.reach.ports import EPHEMERAL, LINUX, WINDOWS, Ports
from undeny.reach.world import World

_MANAGED = ("lambda", "nat_gateway", "vpc_endpoint", "network_load_balancer", "load_balancer", "quicksight", "branch")


def sources(world: World, name: str) -> tuple[Source, ...]:
    """Give the places that `name` sends from. None where what lists them was not read.

    Raises `UndenyError` where everything was read and nothing is called so.

    `name` is an id (`i-`, `eni-`, `subnet-`), a function's name or ARN, a task's id or ARN, a private address, or a node's name.
    """
    found = tuple(_found(world, name))
    if found or unseen(world, name) is not None:
        return found
    raise UndenyError(
        f"nothing called `{name}` was read",
        code="no-such-source",
        help=(
            "it may belong to another account or Region: --profile and --region say which is read",
            "--from takes an instance, interface, subnet, function, task, private address or node name",
        ),
        exit_status=4,
    )


def _found(world: World, name: str) -> Iterator[Source]:
    arn = Arn.parse(name)
    last = arn.resource.replace(":", "/").split("/") if arn else [name]
    if arn and arn.service_prefix == "lambda" and len(last) > 1:
        yield from _function(world, last[1])
        return
    wanted = last[-1]
    if wanted.startswith("eni-"):
        yield from _interfaces(world, [wanted], name)
    elif wanted.startswith("i-"):
        yield from _instance(world, wanted)
    elif wanted.startswith("subnet-"):
        yield from _subnet(world, wanted)
    else:
        yield from _function(world, wanted) if not arn else ()
        yield from _task(world, name, wanted)
        yield from _addressed(world, name)


def of_interface(world: World, held: Thing, name: str) -> Source:
    """Give an interface as a source."""
    kind = str(held.get("InterfaceType", "interface"))
    instance = held.get("Attachment", {}).get("InstanceId")
    client, sure = _client(world, kind, instance)
    private = [one.get("PrivateIpAddress", "") for one in held.get("PrivateIpAddresses", ())][:1] or [held.get("PrivateIpAddress", "")]
    own: Mapping[str, Any] = next(iter(held.get("PrivateIpAddresses", ())), {})
    association: Mapping[str, Any] = held.get("Association") or own.get("Association") or {}
    groups: tuple[str, ...] | Gap = Gap(what=f"the security groups of {name}", why="not read", permission="ec2:DescribeNetworkInterfaces")
    if "Groups" in held:
        groups = tuple(group["GroupId"] for group in held["Groups"])
    place = world.get("Subnets", str(held.get("SubnetId")))
    return Source(
        name=name,
        interface=held["NetworkInterfaceId"],
        subnet=str(held.get("SubnetId")),
        vpc=str(held.get("VpcId") or (None if isinstance(place, Gap) else place.get("VpcId"))),
        ranges=read(private),
        ranges6=read(one.get("Ipv6Address", "") for one in held.get("Ipv6Addresses", ())),
        groups=groups,
        public=bool(association.get("PublicIp")),
        public_address=association.get("PublicIp"),
        client=client,
        sure=sure,
        managed=kind in _MANAGED or bool(held.get("RequesterManaged")),
    )


def _client(world: World, kind: str, instance: str | None) -> tuple[Ports, bool]:
    """Give the source ports that a client there uses.

    https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
    """
    if kind in ("lambda", "nat_gateway"):
        return EPHEMERAL, True
    held = world.get("Instances", instance) if instance else None
    if held is None or isinstance(held, Gap):
        return EPHEMERAL, False
    windows = str(held.get("Platform", held.get("PlatformDetails", ""))).lower().startswith("windows")
    return (WINDOWS if windows else LINUX), True


def _interfaces(world: World, ids: list[str], name: str) -> Iterator[Source]:
    for one in ids:
        held = world.get("NetworkInterfaces", one)
        if not isinstance(held, Gap):
            yield of_interface(world, held, name)


def _instance(world: World, wanted: str) -> Iterator[Source]:
    held = world.get("Instances", wanted)
    if isinstance(held, Gap):
        attached = [n for n in world.all("NetworkInterfaces") if n.get("Attachment", {}).get("InstanceId") == wanted]
        yield from (of_interface(world, one, wanted) for one in attached[:1])
        return
    primary = sorted(held.get("NetworkInterfaces", ()), key=lambda one: one.get("Attachment", {}).get("DeviceIndex", 0))[:1]
    for one in primary:
        read_whole = world.get("NetworkInterfaces", one["NetworkInterfaceId"])
        told: Mapping[str, Any] = {**one, "Attachment": {"InstanceId": wanted}} if isinstance(read_whole, Gap) else read_whole
        yield of_interface(world, told, wanted)


def _subnet(world: World, wanted: str) -> Iterator[Source]:
    held = world.get("Subnets", wanted)
    if isinstance(held, Gap):
        return
    gap = Gap(what="the security groups of the source", why="a subnet has none: whatever is in it has", how="give --from eni-... or i-...")
    given = held.get("MapPublicIpOnLaunch")
    yield Source(
        name=wanted,
        interface=None,
        subnet=wanted,
        vpc=str(held.get("VpcId")),
        ranges=read([held.get("CidrBlock", "")]),
        ranges6=read(one["Ipv6CidrBlock"] for one in held.get("Ipv6CidrBlockAssociationSet", ())),
        groups=gap,
        public=None if given is None or given else False,
    )


def _function(world: World, wanted: str) -> Iterator[Source]:
    held = world.get("Functions", wanted)
    if isinstance(held, Gap):
        return
    told = held.get("VpcConfig") or {}
    if not told.get("SubnetIds"):
        raise UndenyError(
            f"function `{wanted}` is in no VPC: it reaches AWS and the internet through Lambda's own network",
            code="not-in-a-vpc",
            help=("so a timeout there is not the path: look at the function's own timeout, and at what it calls",),
        )
    groups = tuple(told.get("SecurityGroupIds", ()))
    for subnet in told["SubnetIds"]:
        place = world.get("Subnets", subnet)
        cidr = [] if isinstance(place, Gap) else [place.get("CidrBlock", "")]
        own = [
            one
            for one in world.all("NetworkInterfaces", SubnetId=subnet, InterfaceType="lambda")
            if {group["GroupId"] for group in one.get("Groups", ())} == set(groups)
        ]
        six = [] if isinstance(place, Gap) else [one["Ipv6CidrBlock"] for one in place.get("Ipv6CidrBlockAssociationSet", ())]
        yield Source(
            name=wanted,
            interface=own[0]["NetworkInterfaceId"] if len(own) == 1 else None,
            subnet=subnet,
            vpc=str(told.get("VpcId") or (None if isinstance(place, Gap) else place.get("VpcId"))),
            ranges=read([own[0]["PrivateIpAddress"]] if len(own) == 1 else cidr),
            ranges6=read(six) if told.get("Ipv6AllowedForDualStack") else (),
            groups=groups,
            public=False,  # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html: never a public address
            client=EPHEMERAL,
            sure=True,
            managed=True,
        )


def _task(world: World, name: str, wanted: str) -> Iterator[Source]:
    for task in world.all("Tasks"):
        if str(task.get("taskArn", "")).rpartition("/")[2] != wanted and task.get("taskArn") != name:
            continue
        details = [d for a in task.get("attachments", ()) if a.get("type") == "ElasticNetworkInterface" for d in a.get("details", ())]
        ids = [d["value"] for d in details if d.get("name") == "networkInterfaceId"]
        yield from _interfaces(world, ids, name)
        if not ids and task.get("ec2InstanceId"):  # the network modes bridge and host use the instance's interface
            yield from _instance(world, task["ec2InstanceId"])


def _addressed(world: World, name: str) -> Iterator[Source]:
    for one in world.all("NetworkInterfaces"):
        addresses = {a.get("PrivateIpAddress") for a in one.get("PrivateIpAddresses", ())} | {one.get("PrivateIpAddress")}
        six = {a.get("Ipv6Address") for a in one.get("Ipv6Addresses", ())}
        if name in addresses | six or name == one.get("PrivateDnsName"):
            yield of_interface(world, one, name)


def unseen(world: World, name: str) -> Gap | None:
    """Give the gap where a source was not found because what lists such sources was not read."""
    kinds = {"eni-": ("NetworkInterfaces",), "i-": ("Instances", "NetworkInterfaces"), "subnet-": ("Subnets",)}
    wanted = next((held for prefix, held in kinds.items() if name.startswith(prefix)), ("Functions", "Tasks", "NetworkInterfaces"))
    return next((gap for gap in map(world.unread, wanted) if gap is not None), None)
