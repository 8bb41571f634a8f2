"""MSK: the service-linked role, and the roles that other services of it take."""

SOURCE = "https://docs.aws.amazon.com/msk/latest/developerguide/using-service-linked-roles.html"
LINKED = {
    "kafka:CreateCluster": ("kafka.amazonaws.com", "AWSServiceRoleForKafka"),
    "kafka:CreateClusterV2": ("kafka.amazonaws.com", "AWSServiceRoleForKafka"),
}
PASSES = {"kafka:CreateReplicator": (("serviceExecutionRoleArn",), "kafka.amazonaws.com")}
KEYS = {
    "kafka:CreateCluster": ("CreateGrant", "DescribeKey"),
    "kafka:CreateClusterV2": ("CreateGrant", "DescribeKey"),
}
KEY_FACTS = (
    "encryptionInfo.encryptionAtRest.dataVolumeKMSKeyId",
    "provisioned.encryptionInfo.encryptionAtRest.dataVolumeKMSKeyId",
)
KEY_WHY = "MSK takes a grant on the key of the brokers' volumes"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html"
