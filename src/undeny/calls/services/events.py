"""EventBridge: the roles with which rules reach their targets."""

SOURCE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"
TAGGED = {
    "events:PutRule": "events:TagResource",
    "events:CreateEventBus": "events:TagResource",
}
PASSES = {
    "events:PutTargets": (("targets.roleArn",), "events.amazonaws.com"),
    "events:PutRule": (("roleArn",), "events.amazonaws.com"),
    "events:CreateEndpoint": (("roleArn",), "events.amazonaws.com"),
}
CONTEXT = {"targets.arn": "events:TargetArn"}
