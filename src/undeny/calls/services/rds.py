"""RDS: monitoring and export roles, tags."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, kms
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.html"
KEY_SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html"
TAGGED = {
    "rds:CreateDBInstance": "rds:AddTagsToResource",
    "rds:CreateDBCluster": "rds:AddTagsToResource",
    "rds:CreateDBSnapshot": "rds:AddTagsToResource",
    "rds:CreateDBClusterSnapshot": "rds:AddTagsToResource",
    "rds:CreateDBParameterGroup": "rds:AddTagsToResource",
    "rds:CreateDBClusterParameterGroup": "rds:AddTagsToResource",
    "rds:CreateDBSubnetGroup": "rds:AddTagsToResource",
    "rds:CreateOptionGroup": "rds:AddTagsToResource",
    "rds:CreateEventSubscription": "rds:AddTagsToResource",
    "rds:CreateDBProxy": "rds:AddTagsToResource",
    "rds:RestoreDBInstanceFromDBSnapshot": "rds:AddTagsToResource",
    "rds:RestoreDBClusterFromSnapshot": "rds:AddTagsToResource",
    "rds:RestoreDBClusterToPointInTime": "rds:AddTagsToResource",
    "rds:RestoreDBInstanceToPointInTime": "rds:AddTagsToResource",
    "rds:CopyDBSnapshot": "rds:AddTagsToResource",
    "rds:CreateDBInstanceReadReplica": "rds:AddTagsToResource",
}
PASSES = {
    "rds:CreateDBInstance": (("monitoringRoleArn",), "monitoring.rds.amazonaws.com"),
    "rds:ModifyDBInstance": (("monitoringRoleArn",), "monitoring.rds.amazonaws.com"),
    "rds:StartExportTask": (("iamRoleArn",), "export.rds.amazonaws.com"),
    "rds:AddRoleToDBCluster": (("roleArn",), "rds.amazonaws.com"),
    "rds:AddRoleToDBInstance": (("roleArn",), "rds.amazonaws.com"),
    "rds:CreateDBProxy": (("roleArn",), "rds.amazonaws.com"),
}
CONTEXT = {
    "dBInstanceClass": "rds:DatabaseClass",
    "engine": "rds:DatabaseEngine",
    "dBName": "rds:DatabaseName",
    "multiAZ": "rds:MultiAz",
    "storageEncrypted": "rds:StorageEncrypted",
    "allocatedStorage": "rds:StorageSize",
    "publiclyAccessible": "rds:PubliclyAccessible",
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the grant that RDS takes on the key of a new or copied thing."""
    name, key = call.request.action.partition(":")[2], call.fact("kmsKeyId")
    if not name.startswith(("CreateDBInstance", "CreateDBCluster", "Restore", "CopyDB", "CreateDBInstanceReadReplica")) or not isinstance(
        key, str
    ):
        return
    use = KeyUse(via="rds", key=key, actions=("CreateGrant", "DescribeKey"), context={"kms:GrantIsForAWSResource": "true"})
    yield from kms(call, use, Reason("RDS takes a grant on the database's key", KEY_SOURCE))
