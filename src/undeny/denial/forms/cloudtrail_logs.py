"""CloudTrail's role may not write to the log group that the trail was given."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("verify in iam that the role",)
SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html"
PATTERN = r"access denied\. verify in iam that the role has adequate permissions\.?"
EXAMPLES = {
    "Error updating CloudTrail: InvalidCloudWatchLogsLogGroupArnException: Access denied. Verify in IAM that the role has "
    "adequate permissions.": {"error_code": "InvalidCloudWatchLogsLogGroupArnException"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
