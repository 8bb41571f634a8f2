"""Global Accelerator: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/global-accelerator/latest/dg/using-service-linked-roles.html"
LINKED = {
    "globalaccelerator:CreateAccelerator": ("globalaccelerator.amazonaws.com", "AWSServiceRoleForGlobalAccelerator"),
}
