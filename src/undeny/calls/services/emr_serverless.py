"""EMR Serverless: the role of a job run."""

SOURCE = "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html"
TAGGED = {
    "emr-serverless:CreateApplication": "emr-serverless:TagResource",
}
PASSES = {
    "emr-serverless:StartJobRun": (("executionRoleArn",), "emr-serverless.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-service-linked-roles.html"
LINKED = {
    "emr-serverless:CreateApplication": ("ops.emr-serverless.amazonaws.com", "AWSServiceRoleForAmazonEMRServerless"),
}
