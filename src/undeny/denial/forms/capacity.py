"""AWS has none of that type there now: no quota, no policy."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("sufficient", "capacity")
SOURCE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html"
PATTERN = (
    r"(?:we currently do not have|there is not|do not have) (?:sufficient|enough) [^\n\"<]{0,60}capacity[^\n\"<]{0,200}"
    r"|insufficient capacity\.?"
)
EXAMPLES = {
    "An error occurred (InsufficientInstanceCapacity) when calling the RunInstances operation (reached max retries: 4): We "
    "currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-east-1e).": {
        "error_code": "InsufficientInstanceCapacity",
        "operation": "RunInstances",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
