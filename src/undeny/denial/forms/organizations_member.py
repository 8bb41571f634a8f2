"""An Organizations call from an account that is neither the management account nor a delegated administrator."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("have permissions to access this resource",)
SOURCE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_troubleshoot.html"
PATTERN = r"you don['\u2019\u201d]?t have permissions? to access this resource\.?"
EXAMPLES = {
    "An error occurred (AccessDeniedException) when calling the ListAccounts operation: You don't have permissions to "
    "access this resource.": {
        "error_code": "AccessDeniedException",
        "operation": "ListAccounts",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
