"""EMR: the service role and the role of the instances."""

SOURCE = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html"
TAGGED = {
    "elasticmapreduce:RunJobFlow": "elasticmapreduce:AddTags",
}
PASSES = {
    "elasticmapreduce:RunJobFlow": (("serviceRole",), "elasticmapreduce.amazonaws.com"),
    "elasticmapreduce:CreateStudio": (("serviceRole",), "elasticmapreduce.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/using-service-linked-roles.html"
LINKED = {
    "elasticmapreduce:RunJobFlow": ("elasticmapreduce.amazonaws.com", "AWSServiceRoleForEMRCleanup"),
}
