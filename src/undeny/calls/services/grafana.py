"""Managed Grafana: the service-linked role, and the role of a workspace."""

SOURCE = "https://docs.aws.amazon.com/grafana/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "grafana:CreateWorkspace": ("grafana.amazonaws.com", "AWSServiceRoleForAmazonGrafana"),
}
PASSES = {
    "grafana:CreateWorkspace": (("workspaceRoleArn",), "grafana.amazonaws.com"),
    "grafana:UpdateWorkspace": (("workspaceRoleArn",), "grafana.amazonaws.com"),
}
