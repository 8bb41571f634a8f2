"""EventBridge Pipes: the role of a pipe."""

SOURCE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html"
TAGGED = {
    "pipes:CreatePipe": "pipes:TagResource",
}
PASSES = {
    "pipes:CreatePipe": (("roleArn",), "pipes.amazonaws.com"),
    "pipes:UpdatePipe": (("roleArn",), "pipes.amazonaws.com"),
}
