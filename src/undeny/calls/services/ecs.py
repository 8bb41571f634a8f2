"""ECS: the roles of tasks and services."""

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
