"""FSx: the service-linked role and the key of a file system."""

SOURCE = "https://docs.aws.amazon.com/fsx/latest/LustreGuide/using-service-linked-roles.html"
LINKED = {
    "fsx:CreateFileSystem": ("fsx.amazonaws.com", "AWSServiceRoleForAmazonFSx"),
    "fsx:CreateFileSystemFromBackup": ("fsx.amazonaws.com", "AWSServiceRoleForAmazonFSx"),
    "fsx:CreateFileCache": ("fsx.amazonaws.com", "AWSServiceRoleForAmazonFSx"),
}
TAGGED = {
    "fsx:CreateFileSystem": "fsx:TagResource",
    "fsx:CreateFileSystemFromBackup": "fsx:TagResource",
    "fsx:CreateBackup": "fsx:TagResource",
    "fsx:CreateVolume": "fsx:TagResource",
    "fsx:CreateStorageVirtualMachine": "fsx:TagResource",
    "fsx:CreateSnapshot": "fsx:TagResource",
}
KEYS = {
    "fsx:CreateFileSystem": ("CreateGrant", "DescribeKey"),
    "fsx:CreateFileSystemFromBackup": ("CreateGrant", "DescribeKey"),
    "fsx:CopyBackup": ("CreateGrant", "DescribeKey"),
}
KEY_FACTS = ("kmsKeyId",)
KEY_WHY = "FSx takes a grant on the file system's key"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/fsx/latest/WindowsGuide/encryption-at-rest.html"
