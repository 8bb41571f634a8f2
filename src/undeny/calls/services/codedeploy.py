"""CodeDeploy: the role of a deployment group."""

SOURCE = "https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html"
PASSES = {
    "codedeploy:CreateDeploymentGroup": (("serviceRoleArn",), "codedeploy.amazonaws.com"),
    "codedeploy:UpdateDeploymentGroup": (("serviceRoleArn",), "codedeploy.amazonaws.com"),
}
