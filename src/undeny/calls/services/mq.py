"""Amazon MQ: the service-linked role and the key of a broker."""

SOURCE = "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-service-linked-roles.html"
LINKED = {
    "mq:CreateBroker": ("mq.amazonaws.com", "AWSServiceRoleForAmazonMQ"),
}
KEYS = {
    "mq:CreateBroker": ("CreateGrant",),
}
KEY_FACTS = ("encryptionOptions.kmsKeyId",)
KEY_WHY = "Amazon MQ takes a grant on the broker's key"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/data-protection.html"
