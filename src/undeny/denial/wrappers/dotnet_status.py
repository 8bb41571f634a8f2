"""AWS SDK for .NET, where the answer had no body: only the status and its name are left."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("error making request with error code",)
SOURCE = "https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/Runtime/TAmazonServiceException.html"
PATTERN = r"error making request with error code (?P<error_code>\w{3,100}) and http status code \w+\.? ?"
EXAMPLES = {
    "Amazon.S3.AmazonS3Exception: Error making request with Error Code Forbidden and Http Status Code Forbidden. No further error "
    "information was returned by the service.": {"error_code": "Forbidden", "service": "S3"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
