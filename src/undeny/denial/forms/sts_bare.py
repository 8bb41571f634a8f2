"""STS's bare refusal to hand out a role: the trust policy, the token or the caller, it does not say."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("not authorized to perform sts:",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html"
PATTERN = r"(?<!is )(?<!are )not authorized to perform (?P<action>sts:\w+)"
EXAMPLES = {
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity": {
        "error_code": "AccessDenied",
        "action": "sts:AssumeRoleWithWebIdentity",
        "operation": "AssumeRoleWithWebIdentity",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
