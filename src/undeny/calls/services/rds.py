"""RDS: monitoring and export roles, tags."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, beside, kms
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.html"
SECRETS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-permissions"
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
    "rds:CreateDBCluster": (("monitoringRoleArn",), "monitoring.rds.amazonaws.com"),
    "rds:ModifyDBCluster": (("monitoringRoleArn",), "monitoring.rds.amazonaws.com"),
    "rds:CreateDBInstanceReadReplica": (("monitoringRoleArn",), "monitoring.rds.amazonaws.com"),
    "rds:RestoreDBInstanceFromS3": (("s3IngestionRoleArn",), "rds.amazonaws.com"),
    "rds:RestoreDBClusterFromS3": (("s3IngestionRoleArn",), "rds.amazonaws.com"),
    "rds:ModifyDBProxy": (("roleArn",), "rds.amazonaws.com"),
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
LINKED_SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html"
LINKED = {
    "rds:CreateDBInstance": ("rds.amazonaws.com", "AWSServiceRoleForRDS"),
    "rds:CreateDBCluster": ("rds.amazonaws.com", "AWSServiceRoleForRDS"),
    "rds:RestoreDBInstanceFromDBSnapshot": ("rds.amazonaws.com", "AWSServiceRoleForRDS"),
    "rds:RestoreDBClusterFromSnapshot": ("rds.amazonaws.com", "AWSServiceRoleForRDS"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the grant that RDS takes on the key of a new or copied thing, and the secret that it makes for the master user."""
    yield from master_secret(call)
    name, key = call.request.action.partition(":")[2], call.fact("kmsKeyId")
    if not name.startswith(("CreateDBInstance", "CreateDBCluster", "Restore", "CopyDB", "CreateDBInstanceReadReplica")) or not isinstance(
        key, str
    ):
        return
    use = KeyUse(via="rds", key=key, actions=("CreateGrant", "DescribeKey"), context={"kms:GrantIsForAWSResource": "true"})
    yield from kms(call, use, Reason("RDS takes a grant on the database's key", KEY_SOURCE))


def master_secret(call: Call) -> Iterator[Request]:
    """Give what a password that RDS manages in Secrets Manager needs: the secret with its tags, and its key."""
    if call.fact("manageMasterUserPassword") not in (True, "true"):
        return
    secret = call.arn("secretsmanager", "secret:rds!*")
    reason = Reason("RDS keeps the master user's password as a secret, with your permissions", SECRETS)
    for name in ("CreateSecret", "TagResource"):
        yield beside(call, f"secretsmanager:{name}", secret, reason)
    key = call.fact("masterUserSecretKmsKeyId") or call.fact("masterUserSecret.kmsKeyId")
    if isinstance(key, str):
        use = KeyUse(via="secretsmanager", key=key, actions=("DescribeKey", "CreateGrant", "Decrypt", "GenerateDataKey"))
        yield from kms(call, use, Reason("the secret is encrypted with the key that the call names", SECRETS))
