"""Lake Formation's own permissions, beside IAM's."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("lake formation permission",)
SOURCE = "https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html"
PATTERN = r"""insufficient lake formation permission(?:\(s\)|s)?:?(?: required [\w ,()]{2,80}?)? on (?P<resource>[^\s\"'<]+)"""
EXAMPLES = {
    "AccessDeniedException: Insufficient Lake Formation permission(s): Required Describe on sales": {
        "error_code": "AccessDeniedException",
        "resource": "sales",
        "policy_type": "lake_formation",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage, policy_type="lake_formation")
