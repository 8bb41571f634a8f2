"""DocumentDB elastic clusters: the service-linked role and the key of a cluster."""

SOURCE = "https://docs.aws.amazon.com/documentdb/latest/developerguide/elastic-service-linked-roles.html"
LINKED = {
    "docdb-elastic:CreateCluster": ("docdb-elastic.amazonaws.com", "AWSServiceRoleForDocDB-Elastic"),
}
KEYS = {
    "docdb-elastic:CreateCluster": ("CreateGrant", "DescribeKey", "Decrypt", "GenerateDataKey"),
}
KEY_FACTS = ("kmsKeyId",)
KEY_WHY = "DocumentDB takes a grant on the cluster's key"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/documentdb/latest/developerguide/elastic-encryption.html"
