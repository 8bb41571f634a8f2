"""Batch: the roles of jobs and compute environments."""

SOURCE = "https://docs.aws.amazon.com/batch/latest/userguide/IAM_policies.html"
TAGGED = {
    "batch:RegisterJobDefinition": "batch:TagResource",
    "batch:CreateComputeEnvironment": "batch:TagResource",
    "batch:CreateJobQueue": "batch:TagResource",
    "batch:SubmitJob": "batch:TagResource",
}
PASSES = {
    "batch:RegisterJobDefinition": (
        (
            "containerProperties.jobRoleArn",
            "containerProperties.executionRoleArn",
        ),
        "ecs-tasks.amazonaws.com",
    ),
    "batch:CreateComputeEnvironment": (("serviceRole",), "batch.amazonaws.com"),
    "batch:UpdateComputeEnvironment": (("serviceRole",), "batch.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/batch/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "batch:CreateComputeEnvironment": ("batch.amazonaws.com", "AWSServiceRoleForBatch"),
}
