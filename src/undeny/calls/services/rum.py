"""CloudWatch RUM: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-service-linked-roles-RUM.html"
LINKED = {
    "rum:CreateAppMonitor": ("rum.amazonaws.com", "AWSServiceRoleForCloudWatchRUM"),
}
