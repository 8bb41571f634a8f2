"""SNS: topics, and the topic's KMS key."""

SOURCE = "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html"
CONTEXT = {"protocol": "sns:Protocol", "endpoint": "sns:Endpoint"}
TAGGED = {"sns:CreateTopic": "sns:TagResource"}
KEYS = {"sns:Publish": ("GenerateDataKey", "Decrypt")}
KEY_FACTS = ("KmsMasterKeyId", "Attributes.KmsMasterKeyId")
KEY_WHY = "SNS encrypts the message with the topic's key"
KEY_SOURCE = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
