"""Elastic Load Balancing: tags at creation."""

SOURCE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/tagging-resources-during-creation.html"
TAGGED = {
    "elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateTargetGroup": "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateListener": "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateRule": "elasticloadbalancing:AddTags",
    "elasticloadbalancing:CreateTrustStore": "elasticloadbalancing:AddTags",
}
LINKED_SOURCE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html"
LINKED = {
    "elasticloadbalancing:CreateLoadBalancer": ("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
}
