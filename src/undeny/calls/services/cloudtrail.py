"""CloudTrail: the role that writes to CloudWatch Logs."""

SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html"
TAGGED = {
    "cloudtrail:CreateTrail": "cloudtrail:AddTags",
}
PASSES = {
    "cloudtrail:CreateTrail": (("cloudWatchLogsRoleArn",), "cloudtrail.amazonaws.com"),
    "cloudtrail:UpdateTrail": (("cloudWatchLogsRoleArn",), "cloudtrail.amazonaws.com"),
}
