"""CloudFormation: the service role of a stack."""

SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"
TAGGED = {
    "cloudformation:CreateStack": "cloudformation:TagResource",
    "cloudformation:UpdateStack": "cloudformation:TagResource",
    "cloudformation:CreateStackSet": "cloudformation:TagResource",
    "cloudformation:CreateChangeSet": "cloudformation:TagResource",
}
PASSES = {
    "cloudformation:CreateStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:UpdateStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:DeleteStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:CreateChangeSet": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:ContinueUpdateRollback": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:RollbackStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:CreateStackSet": (("administrationRoleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:UpdateStackSet": (("administrationRoleARN",), "cloudformation.amazonaws.com"),
}
CONTEXT = {
    "roleARN": "cloudformation:RoleArn",
    "templateURL": "cloudformation:TemplateUrl",
    "stackPolicyURL": "cloudformation:StackPolicyUrl",
}
