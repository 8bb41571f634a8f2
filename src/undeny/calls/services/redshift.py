"""Redshift: the roles of a cluster."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, kms
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html"
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


def hidden(call: Call) -> Iterator[Request]:
    """Give the grant that Redshift takes on the key of a new cluster."""
    key = call.fact("kmsKeyId")
    if call.request.action in {"redshift:CreateCluster", "redshift:RestoreFromClusterSnapshot"} and isinstance(key, str):
        use = KeyUse(via="redshift", key=key, actions=("DescribeKey", "CreateGrant", "GenerateDataKey", "Decrypt"))
        yield from kms(call, use, Reason("Redshift takes a grant on the cluster's key", KEY_SOURCE))
