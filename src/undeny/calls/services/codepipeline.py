"""CodePipeline: the role of a pipeline."""

SOURCE = "https://docs.aws.amazon.com/codepipeline/latest/userguide/security-iam.html"
TAGGED = {
    "codepipeline:CreatePipeline": "codepipeline:TagResource",
}
PASSES = {
    "codepipeline:CreatePipeline": (("pipeline.roleArn",), "codepipeline.amazonaws.com"),
    "codepipeline:UpdatePipeline": (("pipeline.roleArn",), "codepipeline.amazonaws.com"),
}
