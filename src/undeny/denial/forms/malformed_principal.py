"""A policy that names a principal which does not exist, or not yet."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("invalid principal in policy",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"
PATTERN = r"""invalid principal in policy[^\n\"<]{0,160}"""
EXAMPLES = {
    "An error occurred (MalformedPolicy) when calling the PutBucketPolicy operation: Invalid principal in policy": {
        "error_code": "MalformedPolicy",
        "operation": "PutBucketPolicy",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
