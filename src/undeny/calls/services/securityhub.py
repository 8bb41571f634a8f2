"""Security Hub: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/securityhub/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "securityhub:EnableSecurityHub": ("securityhub.amazonaws.com", "AWSServiceRoleForSecurityHub"),
}
