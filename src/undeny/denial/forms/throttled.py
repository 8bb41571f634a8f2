"""Too many calls: a rate, not a permission."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("rate exceeded", "request limit exceeded", "request rate", "too many requests", "throughput", "rate limit", "throttled")
SOURCE = "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html"
PATTERN = (
    r"rate exceeded(?!\x20\w)|request limit exceeded\.?|(?:please )?reduce your request rate\.?|too many requests\.?|the "
    r"level of configured provisioned throughput[^\n\"<]{0,200}|(?:rate limit|request rate|throughput)[^\n.\"<]{0,40} "
    r"exceeded[^\n\"<]{0,80}|request(?:s)? (?:was|were|is|has been|being) throttled[^\n\"<]{0,80}"
)
EXAMPLES = {
    "An error occurred (Throttling) when calling the GetRole operation (reached max retries: 4): Rate exceeded": {
        "error_code": "Throttling",
        "operation": "GetRole",
    },
    "ProvisionedThroughputExceededException: The level of configured provisioned throughput for the table was exceeded.": {
        "error_code": "ProvisionedThroughputExceededException"
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
