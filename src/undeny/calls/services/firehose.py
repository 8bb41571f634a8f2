"""Data Firehose: the roles with which a stream reads and delivers."""

SOURCE = "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html"
TAGGED = {
    "firehose:CreateDeliveryStream": "firehose:TagDeliveryStream",
}
PASSES = {
    "firehose:CreateDeliveryStream": (
        (
            "s3DestinationConfiguration.roleARN",
            "extendedS3DestinationConfiguration.roleARN",
            "redshiftDestinationConfiguration.roleARN",
            "kinesisStreamSourceConfiguration.roleARN",
            "httpEndpointDestinationConfiguration.roleARN",
            "amazonopensearchserviceDestinationConfiguration.roleARN",
        ),
        "firehose.amazonaws.com",
    ),
    "firehose:UpdateDestination": (
        (
            "extendedS3DestinationUpdate.roleARN",
            "s3DestinationUpdate.roleARN",
        ),
        "firehose.amazonaws.com",
    ),
}
