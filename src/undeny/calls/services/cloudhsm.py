"""CloudHSM: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/cloudhsm/latest/userguide/service-linked-roles.html"
LINKED = {
    "cloudhsm:CreateCluster": ("cloudhsm.amazonaws.com", "AWSServiceRoleForCloudHSM"),
}
