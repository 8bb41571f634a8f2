"""AWS Config: the role of the recorder."""

SOURCE = "https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html"
PASSES = {
    "config:PutConfigurationRecorder": (("configurationRecorder.roleARN",), "config.amazonaws.com"),
}
