"""AWS failed: a 5xx, to be tried again."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("internal ", "unavailable", "gateway", "processing has failed", "could not be processed")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"
PATTERN = (
    r"we encountered an internal error[^\n\"<]{0,60}|an internal (?:error|failure|service error) (?:has "
    r")?occurred[^\n\"<]{0,60}|(?:the )?service (?:is )?(?:currently |temporarily )?unavailable[^\n\"<]{0,60}|internal "
    r"(?:server|service) error|(?:the request processing has failed|request could not be processed)[^\n\"<]{0,100}|50[234] "
    r"(?:bad gateway|gateway time-?out)"
)
EXAMPLES = {
    "An error occurred (InternalError) when calling the PutObject operation (reached max retries: 4): We encountered an "
    "internal error. Please try again.": {
        "error_code": "InternalError",
        "operation": "PutObject",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
