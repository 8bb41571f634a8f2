"""EMR on EKS: the service-linked role, and the role of a job."""

SOURCE = "https://docs.aws.amazon.com/emr/latest/EMR-on-EKS-DevelopmentGuide/using-service-linked-roles.html"
LINKED = {
    "emr-containers:CreateVirtualCluster": ("emr-containers.amazonaws.com", "AWSServiceRoleForAmazonEMRContainers"),
}
