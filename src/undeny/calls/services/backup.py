"""Backup: the role that makes and restores backups."""

SOURCE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html"
TAGGED = {
    "backup:CreateBackupVault": "backup:TagResource",
    "backup:CreateBackupPlan": "backup:TagResource",
}
PASSES = {
    "backup:StartBackupJob": (("iamRoleArn",), "backup.amazonaws.com"),
    "backup:StartRestoreJob": (("iamRoleArn",), "backup.amazonaws.com"),
    "backup:StartCopyJob": (("iamRoleArn",), "backup.amazonaws.com"),
    "backup:CreateBackupSelection": (("backupSelection.iamRoleArn",), "backup.amazonaws.com"),
}
