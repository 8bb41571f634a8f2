"""Data Lifecycle Manager: the execution role."""

SOURCE = "https://docs.aws.amazon.com/ebs/latest/userguide/service-role.html"
TAGGED = {
    "dlm:CreateLifecyclePolicy": "dlm:TagResource",
}
PASSES = {
    "dlm:CreateLifecyclePolicy": (("executionRoleArn",), "dlm.amazonaws.com"),
    "dlm:UpdateLifecyclePolicy": (("executionRoleArn",), "dlm.amazonaws.com"),
}
