"""ECR: keys and tags of new repositories."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, kms
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam.html"
KEY_SOURCE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html"
TAGGED = {"ecr:CreateRepository": "ecr:TagResource"}
LINKED_SOURCE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "ecr:CreatePullThroughCacheRule": ("pullthroughcache.ecr.amazonaws.com", "AWSServiceRoleForECRPullThroughCache"),
    "ecr:PutReplicationConfiguration": ("replication.ecr.amazonaws.com", "AWSServiceRoleForECRReplication"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the grants that ECR takes on a repository's key when it is made."""
    key, kind = call.fact("encryptionConfiguration.kmsKey"), call.fact("encryptionConfiguration.encryptionType")
    if call.request.action != "ecr:CreateRepository" or not str(kind).startswith("KMS"):
        return
    named = str(key) if key is not None else "alias/aws/ecr"
    use = KeyUse(via="ecr", key=named, actions=("DescribeKey", "CreateGrant"))
    yield from kms(call, use, Reason("ECR takes a grant on the repository's key", KEY_SOURCE))
