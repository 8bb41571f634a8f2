"""Cloud9: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/cloud9/latest/user-guide/using-service-linked-roles.html"
LINKED = {
    "cloud9:CreateEnvironmentEC2": ("cloud9.amazonaws.com", "AWSServiceRoleForAWSCloud9"),
}
