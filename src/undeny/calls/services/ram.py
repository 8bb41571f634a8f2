"""Resource Access Manager: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/ram/latest/userguide/security-iam-service-linked-roles.html"
LINKED = {
    "ram:EnableSharingWithAwsOrganization": ("ram.amazonaws.com", "AWSServiceRoleForResourceAccessManager"),
}
