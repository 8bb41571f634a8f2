"""MemoryDB: the service-linked role, the key of a cluster."""

SOURCE = "https://docs.aws.amazon.com/memorydb/latest/devguide/using-service-linked-roles.html"
LINKED = {
    "memorydb:CreateCluster": ("memorydb.amazonaws.com", "AWSServiceRoleForMemoryDB"),
}
KEYS = {
    "memorydb:CreateCluster": ("CreateGrant", "DescribeKey"),
    "memorydb:CopySnapshot": ("CreateGrant", "DescribeKey"),
}
KEY_FACTS = ("kmsKeyId",)
KEY_WHY = "MemoryDB takes a grant on the key that the call names"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/memorydb/latest/devguide/at-rest-encryption.html"
