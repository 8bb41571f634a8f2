"""EFS: tags at creation."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, kms
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/efs/latest/ug/using-tags-efs.html"
KEY_SOURCE = "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html"
TAGGED = {
    "elasticfilesystem:CreateFileSystem": "elasticfilesystem:TagResource",
    "elasticfilesystem:CreateAccessPoint": "elasticfilesystem:TagResource",
}
LINKED_SOURCE = "https://docs.aws.amazon.com/efs/latest/ug/using-service-linked-roles.html"
LINKED = {
    "elasticfilesystem:CreateFileSystem": ("elasticfilesystem.amazonaws.com", "AWSServiceRoleForAmazonElasticFileSystem"),
    "elasticfilesystem:CreateMountTarget": ("elasticfilesystem.amazonaws.com", "AWSServiceRoleForAmazonElasticFileSystem"),
    "elasticfilesystem:CreateReplicationConfiguration": ("elasticfilesystem.amazonaws.com", "AWSServiceRoleForAmazonElasticFileSystem"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the grant that EFS takes on the key of a new file system."""
    key = call.fact("kmsKeyId")
    if call.request.action == "elasticfilesystem:CreateFileSystem" and isinstance(key, str):
        use = KeyUse(
            via="elasticfilesystem", key=key, actions=("DescribeKey", "CreateGrant"), context={"kms:GrantIsForAWSResource": "true"}
        )
        yield from kms(call, use, Reason("EFS takes a grant on the file system's key", KEY_SOURCE))
