"""AppSync: the roles of data sources and logs."""

SOURCE = "https://docs.aws.amazon.com/appsync/latest/devguide/security-iam.html"
TAGGED = {
    "appsync:CreateGraphqlApi": "appsync:TagResource",
}
PASSES = {
    "appsync:CreateDataSource": (("serviceRoleArn",), "appsync.amazonaws.com"),
    "appsync:UpdateDataSource": (("serviceRoleArn",), "appsync.amazonaws.com"),
    "appsync:CreateGraphqlApi": (("logConfig.cloudWatchLogsRoleArn",), "appsync.amazonaws.com"),
    "appsync:UpdateGraphqlApi": (("logConfig.cloudWatchLogsRoleArn",), "appsync.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/appsync/latest/devguide/using-service-linked-roles.html"
LINKED = {
    "appsync:CreateGraphqlApi": ("appsync.amazonaws.com", "AWSServiceRoleForAppSync"),
    "appsync:CreateApi": ("appsync.amazonaws.com", "AWSServiceRoleForAppSync"),
}
