"""MediaLive: the role of a channel."""

SOURCE = "https://docs.aws.amazon.com/medialive/latest/ug/setup-trusted-entity.html"
PASSES = {
    "medialive:CreateChannel": (("roleArn",), "medialive.amazonaws.com"),
    "medialive:UpdateChannel": (("roleArn",), "medialive.amazonaws.com"),
    "medialive:CreateInput": (("roleArn",), "medialive.amazonaws.com"),
    "medialive:UpdateInput": (("roleArn",), "medialive.amazonaws.com"),
}
