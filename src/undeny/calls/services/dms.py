"""Database Migration Service: the role of an endpoint."""

SOURCE = "https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html"
TAGGED = {
    "dms:CreateReplicationInstance": "dms:AddTagsToResource",
    "dms:CreateEndpoint": "dms:AddTagsToResource",
    "dms:CreateReplicationTask": "dms:AddTagsToResource",
}
PASSES = {
    "dms:CreateEndpoint": (
        (
            "serviceAccessRoleArn",
            "s3Settings.serviceAccessRoleArn",
            "kinesisSettings.serviceAccessRoleArn",
        ),
        "dms.amazonaws.com",
    ),
    "dms:ModifyEndpoint": (
        (
            "serviceAccessRoleArn",
            "s3Settings.serviceAccessRoleArn",
        ),
        "dms.amazonaws.com",
    ),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/dms/latest/userguide/slr-services-sl.html"
LINKED = {
    "dms:CreateReplicationConfig": ("dms.amazonaws.com", "AWSServiceRoleForDMSServerless"),
}
