"""DataSync: the role that reaches a bucket."""

SOURCE = "https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html"
TAGGED = {
    "datasync:CreateTask": "datasync:TagResource",
}
PASSES = {
    "datasync:CreateLocationS3": (("s3Config.bucketAccessRoleArn",), "datasync.amazonaws.com"),
    "datasync:UpdateLocationS3": (("s3Config.bucketAccessRoleArn",), "datasync.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/datasync/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "datasync:CreateTask": ("datasync.amazonaws.com", "AWSServiceRoleForDataSync"),
}
