"""S3 could not send its test message to the topic, queue or function."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("validate the following destination configurations",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/NotificationHowTo.html"
PATTERN = r"unable to validate the following destination configurations\.?"
EXAMPLES = {
    "An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to validate "
    "the following destination configurations.": {
        "error_code": "InvalidArgument",
        "operation": "PutBucketNotificationConfiguration",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
