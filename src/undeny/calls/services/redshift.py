"""Redshift: the roles of a cluster."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, beside, kms
from undeny.calls._place import dig
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html"
CREDENTIALS = "https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html"
KEY_SOURCE = "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html"
TAGGED = {
    "redshift:CreateCluster": "redshift:CreateTags",
}
PASSES = {
    "redshift:CreateCluster": (("iamRoles",), "redshift.amazonaws.com"),
    "redshift:ModifyClusterIamRoles": (("addIamRoles",), "redshift.amazonaws.com"),
    "redshift:RestoreFromClusterSnapshot": (("iamRoles",), "redshift.amazonaws.com"),
    "redshift:CreateScheduledAction": (("iamRole",), "scheduler.redshift.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/redshift/latest/mgmt/using-service-linked-roles.html"
LINKED = {
    "redshift:CreateCluster": ("redshift.amazonaws.com", "AWSServiceRoleForRedshift"),
    "redshift:RestoreFromClusterSnapshot": ("redshift.amazonaws.com", "AWSServiceRoleForRedshift"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the groups and the new user of database credentials, and the grant that Redshift takes on the key of a new cluster."""
    cluster = call.fact("clusterIdentifier")
    if call.request.action == "redshift:GetClusterCredentials" and isinstance(cluster, str):
        for group in dig(call.request.parameters, "dbGroups"):
            reason = Reason("the database user joins a group", CREDENTIALS)
            yield beside(call, "redshift:JoinGroup", call.arn("redshift", f"dbgroup:{cluster}/{group}"), reason)
        if call.fact("autoCreate") in {True, "true"}:
            reason = Reason("the database user is made", CREDENTIALS)
            yield beside(call, "redshift:CreateClusterUser", call.arn("redshift", f"dbuser:{cluster}/{call.fact('dbUser')}"), reason)
    key = call.fact("kmsKeyId")
    if call.request.action in {"redshift:CreateCluster", "redshift:RestoreFromClusterSnapshot"} and isinstance(key, str):
        use = KeyUse(via="redshift", key=key, actions=("DescribeKey", "CreateGrant", "GenerateDataKey", "Decrypt"))
        yield from kms(call, use, Reason("Redshift takes a grant on the cluster's key", KEY_SOURCE))
