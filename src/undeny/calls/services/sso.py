"""IAM Identity Center: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "sso:CreateInstance": ("sso.amazonaws.com", "AWSServiceRoleForSSO"),
}
