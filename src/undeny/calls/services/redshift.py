"""Redshift: the roles of a cluster."""

SOURCE = "https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html"
TAGGED = {
    "redshift:CreateCluster": "redshift:CreateTags",
}
PASSES = {
    "redshift:CreateCluster": (("iamRoles",), "redshift.amazonaws.com"),
    "redshift:ModifyClusterIamRoles": (("addIamRoles",), "redshift.amazonaws.com"),
    "redshift:RestoreFromClusterSnapshot": (("iamRoles",), "redshift.amazonaws.com"),
    "redshift:CreateScheduledAction": (("iamRole",), "scheduler.redshift.amazonaws.com"),
}
