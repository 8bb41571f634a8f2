"""Reads the network of the reader's account in one Region: each kind by the one call that lists it; a refused one is a gap.

The permissions are in `collect/network.py`, beside those of everything else that is read.
"""

from collections.abc import Callable, Mapping
from typing import Any

from undeny.aws.collect.network import KINDS, NETWORK_PERMISSIONS
from undeny.aws.keys import plain
from undeny.aws.permissions import Read
from undeny.aws.reader import Reader
from undeny.aws.session import Session
from undeny.evidence.model import Gap
from undeny.evidence.network import Network, Thing
from undeny.iam.arn import Arn

# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
_AWS_LISTS = (".s3", ".dynamodb")
_KEPT: Mapping[str, tuple[str, ...]] = {
    "Instances": ("InstanceId", "Platform", "PlatformDetails", "State", "PrivateDnsName", "SubnetId", "VpcId", "NetworkInterfaces"),
    "Functions": ("FunctionName", "FunctionArn", "VpcConfig"),
    "Tasks": ("taskArn", "clusterArn", "attachments", "containerInstanceArn", "lastStatus", "group"),
}
_NO_LONGER = ("deleted", "terminated")
Held = tuple[Thing, ...] | Gap


def network(session: Session, region: str | None, source: str | None = None, reader: Reader | None = None) -> Network:
    """Read the network. `source` is what a path is asked from: a function or task is read by its name, which no list of EC2 holds."""
    reader = reader or Reader(session)
    place = region or reader.region
    before = len(reader.gaps)
    things: dict[str, Held] = {kind: _listed(reader, kind, place) for kind in KINDS}
    things["Vpcs"] = _with(things["Vpcs"], lambda vpc: _dns(reader, vpc, place))
    things["PrefixLists"] = _with(things["PrefixLists"], lambda one: _entries(reader, one, place, _referenced(things)))
    things["TransitGatewayRouteTables"] = _with(things["TransitGatewayRouteTables"], lambda one: _transit(reader, one, place))
    things["Functions"] = _functions(reader, source, place)
    things["Tasks"] = _tasks(reader, source, place)
    kinds = {gap.what for gap in things.values() if isinstance(gap, Gap)}
    gaps = tuple(gap for gap in reader.gaps[before:] if gap.what not in kinds)
    return Network(account=reader.me.account, region=place, things=things, gaps=gaps, source=reader.source, read_at=reader.clock())


def plan(source: str | None = None) -> tuple[Read, ...]:
    """List the reads that a network needs, before any is made."""
    arn = Arn.parse(source or "")
    left = () if _task_of(source) else ("ecs:DescribeTasks", "ecs:DescribeContainerInstances")
    left = (*left, "lambda:ListFunctions" if source else "lambda:GetFunctionConfiguration")
    if source and (source.startswith(("i-", "eni-", "subnet-")) or (arn and arn.service_prefix == "ecs")):
        left = (*left, "lambda:GetFunctionConfiguration")
    return tuple(Read(action=action, target="*", why=why) for action, (why, _) in NETWORK_PERMISSIONS.items() if action not in left)


def _listed(reader: Reader, kind: str, region: str) -> Held:
    operation, field, noun = KINDS[kind]
    name = "".join(word.title() for word in operation.split("_"))
    what = f"{noun} of {reader.me.account} in {region}"
    answer = reader.call("ec2", operation, action=f"ec2:{name}", what=what, region=region)
    if not isinstance(answer, dict):
        return answer or Gap(what=what, why="AWS gave no answer")
    told = answer.get(field, [])
    if kind == "Instances":
        told = [one for reservation in told for one in reservation.get("Instances", ())]
    if isinstance(told, Mapping):
        told = [{"AwsRegion": region, **told}]
    return tuple(_slim(kind, plain(one)) for one in told if one.get("State") not in _NO_LONGER)


def _slim(kind: str, thing: Thing) -> Thing:
    return {key: thing[key] for key in _KEPT[kind] if key in thing} if kind in _KEPT else {k: v for k, v in thing.items() if k != "Tags"}


def _with(held: Held, more: Callable[[Thing], Mapping[str, Any]]) -> Held:
    return held if isinstance(held, Gap) else tuple({**one, **more(one)} for one in held)


def _dns(reader: Reader, vpc: Thing, region: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcAttribute.html."""
    out: dict[str, Any] = {}
    what = f"the DNS attributes of {vpc['VpcId']}"
    for attribute, field in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
        told: dict[str, Any] = {"VpcId": vpc["VpcId"], "Attribute": attribute}
        answer = reader.call("ec2", "describe_vpc_attribute", action="ec2:DescribeVpcAttribute", what=what, region=region, **told)
        if isinstance(answer, dict) and field in answer:
            out[field] = answer[field].get("Value")
    return out


def _referenced(things: Mapping[str, Held]) -> frozenset[str]:
    """Give the prefix lists that rules and routes name: only their entries are read."""
    found: set[str] = set()
    tables, groups = things["RouteTables"], things["SecurityGroups"]
    for table in () if isinstance(tables, Gap) else tables:
        found |= {str(route["DestinationPrefixListId"]) for route in table.get("Routes", ()) if route.get("DestinationPrefixListId")}
    for group in () if isinstance(groups, Gap) else groups:
        for permission in (*group.get("IpPermissions", ()), *group.get("IpPermissionsEgress", ())):
            found |= {str(one["PrefixListId"]) for one in permission.get("PrefixListIds", ())}
    return frozenset(found)


def _entries(reader: Reader, one: Thing, region: str, wanted: frozenset[str]) -> dict[str, Any]:
    name = str(one["PrefixListId"])
    if name not in wanted and not str(one.get("PrefixListName", "")).endswith(_AWS_LISTS):
        return {}
    action, what = "ec2:GetManagedPrefixListEntries", f"the entries of prefix list {name}"
    answer = reader.call("ec2", "get_managed_prefix_list_entries", action=action, what=what, region=region, PrefixListId=name)
    return {"Entries": plain(answer["Entries"])} if isinstance(answer, dict) and "Entries" in answer else {}


def _transit(reader: Reader, one: Thing, region: str) -> dict[str, Any]:
    name = str(one["TransitGatewayRouteTableId"])
    table: dict[str, Any] = {"TransitGatewayRouteTableId": name}
    out: dict[str, Any] = {}
    action, what = "ec2:GetTransitGatewayRouteTableAssociations", f"the associations of {name}"
    answer = reader.call("ec2", "get_transit_gateway_route_table_associations", action=action, what=what, region=region, **table)
    if isinstance(answer, dict):
        out["Associations"] = plain(answer.get("Associations", []))
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html: a filter is required
    table["Filters"] = [{"Name": "state", "Values": ["active", "blackhole"]}]
    action, what = "ec2:SearchTransitGatewayRoutes", f"the routes of {name}"
    answer = reader.call("ec2", "search_transit_gateway_routes", action=action, what=what, region=region, **table)
    if isinstance(answer, dict) and not answer.get("AdditionalRoutesAvailable"):
        out["Routes"] = plain(answer.get("Routes", []))
    return out


def _functions(reader: Reader, source: str | None, region: str) -> Held:
    """Read the function that a path is asked from, or all of them for a snapshot."""
    if source is None:
        answer = reader.call("lambda", "list_functions", action="lambda:ListFunctions", what=f"functions in {region}", region=region)
        return answer if isinstance(answer, Gap) else tuple(_slim("Functions", plain(one)) for one in (answer or {}).get("Functions", ()))
    arn = Arn.parse(source)
    if source.startswith(("i-", "eni-", "subnet-")) or "." in source or (arn and arn.service_prefix != "lambda"):
        return ()
    what, action = f"the configuration of function {source}", "lambda:GetFunctionConfiguration"
    missing = ("ResourceNotFoundException", "ValidationException")
    answer = reader.call("lambda", "get_function_configuration", action=action, what=what, none=missing, region=region, FunctionName=source)
    return answer if isinstance(answer, Gap) else (_slim("Functions", plain(answer)),) if answer else ()


def _task_of(source: str | None) -> tuple[str, str] | None:
    """Give cluster and id of a task's ARN.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
    """
    arn = Arn.parse(source or "")
    parts = arn.resource.split("/") if arn and arn.service_prefix == "ecs" else []
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "task" else None


def _tasks(reader: Reader, source: str | None, region: str) -> Held:
    named = _task_of(source)
    if named is None:
        return ()
    cluster, task = named
    told: dict[str, Any] = {"cluster": cluster, "tasks": [task]}
    answer = reader.call("ecs", "describe_tasks", action="ecs:DescribeTasks", what=f"task {task}", region=region, **told)
    if not isinstance(answer, dict):
        return answer or ()
    found = [dict(_slim("Tasks", plain(one))) for one in answer.get("tasks", ())]
    for one in found:
        if one.get("containerInstanceArn"):
            one["ec2InstanceId"] = _host(reader, cluster, one["containerInstanceArn"], region)
    return tuple(found)


def _host(reader: Reader, cluster: str, container_instance: str, region: str) -> str | None:
    told: dict[str, Any] = {"cluster": cluster, "containerInstances": [container_instance]}
    action, what = "ecs:DescribeContainerInstances", f"container instance {container_instance}"
    answer = reader.call("ecs", "describe_container_instances", action=action, what=what, region=region, **told)
    held = answer.get("containerInstances", []) if isinstance(answer, dict) else []
    return str(held[0]["ec2InstanceId"]) if held else None
