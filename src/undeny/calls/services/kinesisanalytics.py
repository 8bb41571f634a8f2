"""Managed Service for Apache Flink: the role of an application."""

SOURCE = "https://docs.aws.amazon.com/managed-flink/latest/java/how-zeppelin-iam.html"
TAGGED = {
    "kinesisanalytics:CreateApplication": "kinesisanalytics:TagResource",
}
PASSES = {
    "kinesisanalytics:CreateApplication": (("serviceExecutionRole",), "kinesisanalytics.amazonaws.com"),
    "kinesisanalytics:UpdateApplication": (("serviceExecutionRoleUpdate",), "kinesisanalytics.amazonaws.com"),
}
