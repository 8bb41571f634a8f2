"""CloudTrail's network activity event of a call that the endpoint's policy stopped."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("due to a vpc endpoint policy",)
SOURCE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html"
PATTERN = r"the request was denied due to a vpc endpoint policy"
EXAMPLES = {
    "VpceAccessDenied: The request was denied due to a VPC endpoint policy": {
        "error_code": "VpceAccessDenied",
        "policy_type": "vpc_endpoint",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage, policy_type="vpc_endpoint")
