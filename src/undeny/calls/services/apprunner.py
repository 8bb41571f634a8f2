"""App Runner: the access and instance roles."""

SOURCE = "https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html"
TAGGED = {
    "apprunner:CreateService": "apprunner:TagResource",
}
PASSES = {
    "apprunner:CreateService": (("sourceConfiguration.authenticationConfiguration.accessRoleArn",), "build.apprunner.amazonaws.com"),
    "apprunner:UpdateService": (("sourceConfiguration.authenticationConfiguration.accessRoleArn",), "build.apprunner.amazonaws.com"),
}
