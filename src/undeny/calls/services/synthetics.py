"""CloudWatch Synthetics: the role of a canary, whose function runs in Lambda."""

SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_Roles.html"
PASSES = {
    "synthetics:CreateCanary": (("executionRoleArn",), "lambda.amazonaws.com"),
    "synthetics:UpdateCanary": (("executionRoleArn",), "lambda.amazonaws.com"),
}
