"""CodeBuild: the role of a project."""

SOURCE = "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html"
PASSES = {
    "codebuild:CreateProject": (("serviceRole",), "codebuild.amazonaws.com"),
    "codebuild:UpdateProject": (("serviceRole",), "codebuild.amazonaws.com"),
    "codebuild:StartBuild": (("serviceRoleOverride",), "codebuild.amazonaws.com"),
}
