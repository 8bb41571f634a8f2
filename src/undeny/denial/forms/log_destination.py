"""Step Functions and others: the role may not set up the delivery of logs."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("access the log destination",)
SOURCE = "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"
PATTERN = r"the (?:state machine )?iam role is not authorized to access the log destination\.?"
EXAMPLES = {
    "AccessDeniedException: The state machine IAM Role is not authorized to access the Log Destination": {
        "error_code": "AccessDeniedException"
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
