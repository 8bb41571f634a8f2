"""Inspector: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/inspector/latest/user/using-service-linked-roles.html"
LINKED = {
    "inspector2:Enable": ("inspector2.amazonaws.com", "AWSServiceRoleForAmazonInspector2"),
}
