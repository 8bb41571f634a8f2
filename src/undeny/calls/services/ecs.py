"""ECS: the roles of tasks and services."""

from collections.abc import Mapping
from typing import Any

from undeny.calls._place import Place, folded

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
PASSES = {
    "ecs:RegisterTaskDefinition": (
        (
            "taskRoleArn",
            "executionRoleArn",
        ),
        "ecs-tasks.amazonaws.com",
    ),
    "ecs:RunTask": (
        (
            "overrides.taskRoleArn",
            "overrides.executionRoleArn",
            "taskRoleArn",
            "executionRoleArn",
            "taskDefinition.taskRoleArn",
            "taskDefinition.executionRoleArn",
        ),
        "ecs-tasks.amazonaws.com",
    ),
    "ecs:StartTask": (
        (
            "overrides.taskRoleArn",
            "overrides.executionRoleArn",
            "taskRoleArn",
            "executionRoleArn",
            "taskDefinition.taskRoleArn",
            "taskDefinition.executionRoleArn",
        ),
        "ecs-tasks.amazonaws.com",
    ),
    "ecs:CreateService": (("role",), "ecs.amazonaws.com"),
    "ecs:UpdateService": (("role",), "ecs.amazonaws.com"),
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
