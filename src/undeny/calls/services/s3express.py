"""S3 directory buckets: every call on objects is a session on the bucket."""

from collections.abc import Mapping
from typing import Any

from undeny.calls._place import Place, folded

SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html"
CONTEXT = {"sessionMode": "s3express:SessionMode", "x-amz-create-session-mode": "s3express:SessionMode"}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a directory bucket."""
    del action
    names = folded(parameters)
    bucket = names.get("bucketname", names.get("bucket"))
    if not isinstance(bucket, str) or place.region is None or place.account is None:
        return None
    return bucket if bucket.startswith("arn:") else f"arn:{place.partition}:s3express:{place.region}:{place.account}:bucket/{bucket}"
