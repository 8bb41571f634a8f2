"""ECS: the roles of tasks and services."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.calls._behind import Call
from undeny.calls._place import Place, dig, folded
from undeny.calls._roles import pass_role, role_arn
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"
TAGGED = {
    "ecs:CreateCluster": "ecs:TagResource",
    "ecs:CreateService": "ecs:TagResource",
    "ecs:CreateTaskSet": "ecs:TagResource",
    "ecs:RegisterTaskDefinition": "ecs:TagResource",
    "ecs:RegisterContainerInstance": "ecs:TagResource",
    "ecs:RunTask": "ecs:TagResource",
    "ecs:StartTask": "ecs:TagResource",
    "ecs:CreateCapacityProvider": "ecs:TagResource",
}
_TASK_ROLES = (
    "overrides.taskRoleArn",
    "overrides.executionRoleArn",
    "taskRoleArn",
    "executionRoleArn",
    "taskDefinition.taskRoleArn",
    "taskDefinition.executionRoleArn",
)
PASSES = {
    "ecs:RegisterTaskDefinition": (
        (
            "taskRoleArn",
            "executionRoleArn",
        ),
        "ecs-tasks.amazonaws.com",
    ),
    "ecs:RunTask": (
        _TASK_ROLES,
        "ecs-tasks.amazonaws.com",
    ),
    "ecs:StartTask": (
        _TASK_ROLES,
        "ecs-tasks.amazonaws.com",
    ),
    "ecs:CreateService": (("role",), "ecs.amazonaws.com"),
    "ecs:UpdateService": (("role",), "ecs.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html"
LINKED = {
    "ecs:CreateCluster": ("ecs.amazonaws.com", "AWSServiceRoleForECS"),
    "ecs:CreateService": ("ecs.amazonaws.com", "AWSServiceRoleForECS"),
    "ecs:CreateCapacityProvider": ("ecs.amazonaws.com", "AWSServiceRoleForECS"),
}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a task definition (`family:revision`, the newest without one: `*`) or of a thing in a cluster."""
    names = folded(parameters)
    if place.region is None or place.account is None:
        return None
    start = f"arn:{place.partition}:ecs:{place.region}:{place.account}:"
    definition, cluster, service = (
        names.get("taskdefinition"),
        names.get("cluster", "default"),
        names.get("service", names.get("servicename")),
    )
    if action in {"ecs:RunTask", "ecs:StartTask"} and isinstance(definition, str):
        return (
            definition
            if definition.startswith("arn:")
            else f"{start}task-definition/{definition if ':' in definition else definition + ':*'}"
        )
    if action.endswith("Service") and isinstance(service, str) and isinstance(cluster, str):
        return service if service.startswith("arn:") else f"{start}service/{cluster.rpartition('/')[2]}/{service}"
    return None


def hidden(call: Call) -> Iterator[Request]:
    """Give the roles of the task definition, which a run hands over where it names no others."""
    if call.request.action not in {"ecs:RunTask", "ecs:StartTask"} or call.request.role != "main":
        return
    for name in ("taskRoleArn", "executionRoleArn"):
        text = next((one for path in (name, f"taskDefinition.{name}") for one in dig(call.facts(), path)), None)
        if isinstance(text, str) and next(dig(call.request.parameters, f"overrides.{name}"), None) is None:
            for role in role_arn(call, text):
                yield pass_role(call, role, "ecs-tasks.amazonaws.com")
