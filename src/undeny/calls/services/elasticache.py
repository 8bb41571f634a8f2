"""ElastiCache: tags at creation, the service-linked role, the key of a cluster."""

SOURCE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/using-service-linked-roles.html"
LINKED = {
    "elasticache:CreateCacheCluster": ("elasticache.amazonaws.com", "AWSServiceRoleForElastiCache"),
    "elasticache:CreateReplicationGroup": ("elasticache.amazonaws.com", "AWSServiceRoleForElastiCache"),
    "elasticache:CreateServerlessCache": ("elasticache.amazonaws.com", "AWSServiceRoleForElastiCache"),
}
TAGGED = {
    "elasticache:CreateCacheCluster": "elasticache:AddTagsToResource",
    "elasticache:CreateReplicationGroup": "elasticache:AddTagsToResource",
    "elasticache:CreateServerlessCache": "elasticache:AddTagsToResource",
    "elasticache:CreateSnapshot": "elasticache:AddTagsToResource",
    "elasticache:CreateUser": "elasticache:AddTagsToResource",
    "elasticache:CreateUserGroup": "elasticache:AddTagsToResource",
}
KEYS = {
    "elasticache:CreateReplicationGroup": ("CreateGrant", "DescribeKey"),
    "elasticache:CreateServerlessCache": ("CreateGrant", "DescribeKey"),
    "elasticache:CopySnapshot": ("CreateGrant", "DescribeKey"),
}
KEY_FACTS = ("kmsKeyId",)
KEY_WHY = "ElastiCache takes a grant on the key that the call names"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html"
