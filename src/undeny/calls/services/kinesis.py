"""Kinesis: the stream's KMS key."""

SOURCE = "https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html"
TAGGED = {"kinesis:CreateStream": "kinesis:AddTagsToStream"}
KEYS = {
    "kinesis:PutRecord": ("GenerateDataKey",),
    "kinesis:PutRecords": ("GenerateDataKey",),
    "kinesis:GetRecords": ("Decrypt",),
    "kinesis:SubscribeToShard": ("Decrypt",),
}
KEY_FACTS = ("KeyId", "StreamDescription.KeyId", "StreamDescriptionSummary.KeyId")
KEY_WHY = "Kinesis encrypts and decrypts records with the stream's key"
KEY_CONTEXT = "kms:EncryptionContext:aws:kinesis:arn"
KEY_SOURCE = "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html"
