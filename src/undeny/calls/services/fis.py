"""Fault Injection Service: the role of an experiment."""

SOURCE = "https://docs.aws.amazon.com/fis/latest/userguide/getting-started-iam-service-role.html"
TAGGED = {
    "fis:CreateExperimentTemplate": "fis:TagResource",
}
PASSES = {
    "fis:CreateExperimentTemplate": (("roleArn",), "fis.amazonaws.com"),
    "fis:UpdateExperimentTemplate": (("roleArn",), "fis.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/fis/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "fis:StartExperiment": ("fis.amazonaws.com", "AWSServiceRoleForFIS"),
}
