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
LINKED_SOURCE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles-AWSServiceRoleForBackup.html"
LINKED = {
    "backup:CreateBackupSelection": ("backup.amazonaws.com", "AWSServiceRoleForBackup"),
    "backup:StartBackupJob": ("backup.amazonaws.com", "AWSServiceRoleForBackup"),
}
KEYS = {
    "backup:CreateBackupVault": ("CreateGrant", "GenerateDataKey", "Decrypt", "RetireGrant", "DescribeKey"),
}
KEY_FACTS = ("encryptionKeyArn",)
KEY_WHY = "Backup takes a grant on the vault's key"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html"
