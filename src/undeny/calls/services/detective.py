"""Detective: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/detective/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "detective:CreateGraph": ("detective.amazonaws.com", "AWSServiceRoleForDetective"),
    "detective:EnableOrganizationAdminAccount": ("detective.amazonaws.com", "AWSServiceRoleForDetective"),
}
