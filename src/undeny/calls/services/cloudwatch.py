"""CloudWatch: tags at creation."""

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html"
TAGGED = {
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
    "cloudwatch:PutCompositeAlarm": "cloudwatch:TagResource",
    "cloudwatch:PutMetricStream": "cloudwatch:TagResource",
}
