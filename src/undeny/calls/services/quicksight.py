"""Quick Sight: the roles of data sources and VPC connections."""

SOURCE = "https://docs.aws.amazon.com/quicksight/latest/user/security_iam_service-with-iam.html"
PASSES = {
    "quicksight:CreateVPCConnection": (("roleArn",), "quicksight.amazonaws.com"),
    "quicksight:UpdateVPCConnection": (("roleArn",), "quicksight.amazonaws.com"),
}
