"""Amplify: the service and compute roles of an app."""

SOURCE = "https://docs.aws.amazon.com/amplify/latest/userguide/security-iam.html"
TAGGED = {
    "amplify:CreateApp": "amplify:TagResource",
}
PASSES = {
    "amplify:CreateApp": (
        (
            "iamServiceRoleArn",
            "computeRoleArn",
        ),
        "amplify.amazonaws.com",
    ),
    "amplify:UpdateApp": (
        (
            "iamServiceRoleArn",
            "computeRoleArn",
        ),
        "amplify.amazonaws.com",
    ),
}
