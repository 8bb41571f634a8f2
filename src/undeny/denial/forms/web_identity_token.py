"""A token that STS could not accept before any trust policy was looked at."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("openidconnect", "token audience", "identity provider", "web identity token")
SOURCE = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"
PATTERN = (
    r"no openidconnect provider found in your account for \S+|openidconnect provider'?s https certificate[^\n.]{0,120}"
    r"|incorrect token audience|couldn't retrieve verification key from your identity provider[^\n.]{0,80}|(?:provided"
    r"|invalid|expired) web identity token[^\n.]{0,80}|web identity token that was passed[^\n.]{0,80}"
)
EXAMPLES = {
    "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No OpenIDConnect "
    "provider found in your account for https://token.actions.githubusercontent.com": {
        "error_code": "InvalidIdentityToken",
        "operation": "AssumeRoleWithWebIdentity",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
