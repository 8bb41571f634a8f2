"""RDS: monitoring and export roles, tags."""

SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.html"
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
