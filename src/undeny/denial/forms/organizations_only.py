"""A call that only accounts of an organisation, or only its management account, may make."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("in an aws organization", "management account", "delegated admin")
SOURCE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_troubleshoot.html"
PATTERN = (
    r"(?:this (?:action|operation|request|account)|only|you must|account)[^\n.\"<]{0,160}(?:accounts? in an aws organization"
    r"|management account|delegated admin(?:istrator)?)[^\n.\"<]{0,120}"
)
EXAMPLES = {
    "An error occurred (OrganizationAccessDeniedException) when calling the DescribeOrganizationConformancePacks "
    "operation: This action can only be made by accounts in an AWS Organization": {"error_code": "OrganizationAccessDeniedException"}
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
