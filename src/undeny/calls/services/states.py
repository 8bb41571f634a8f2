"""Step Functions: the role of a state machine."""

SOURCE = "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html"
TAGGED = {
    "states:CreateStateMachine": "states:TagResource",
    "states:CreateActivity": "states:TagResource",
}
PASSES = {
    "states:CreateStateMachine": (("roleArn",), "states.amazonaws.com"),
    "states:UpdateStateMachine": (("roleArn",), "states.amazonaws.com"),
    "states:TestState": (("roleArn",), "states.amazonaws.com"),
}
