"""The box that AWS's consoles show: user, action, resources and the reason, one a line."""

from collections.abc import Iterator

from undeny.denial.found import Facts, Found, Passage, compiled
from undeny.denial.prose import told_reason

NEEDS = ("action:",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
PATTERN = (
    r"(?:access denied )?(?:you don['\u2019\u201d]?t have permissions? to (?P<asked>[a-z0-9-]+:[a-z0-9*]+)\.? )?"
    r"(?:to request access[^\n]{0,400} )?"
    r"user ?: ?(?P<principal>\S+) (?:service ?: ?(?P<service>\S+) )?action ?: ?(?P<action>[a-z0-9-]+:[a-z0-9*]+)"
    r"(?: on resources?(?:\(s\))? ?: ?(?P<resource>\S+))?(?: context ?: ?(?P<reason>[^\n]{0,300}))?"
)
EXAMPLES = {
    "Access denied\nYou don't have permission to iam:ListUsers. To request access, copy the following text and send it to your AWS "
    "administrator.\n"
    "User: arn:aws:iam::111122223333:user/dev\nAction: iam:ListUsers\nOn resource(s): arn:aws:iam::111122223333:user/\n"
    "Context: no identity-based policy allows the action": {
        "principal": "arn:aws:iam::111122223333:user/dev",
        "action": "iam:ListUsers",
        "resource": "arn:aws:iam::111122223333:user/",
        "kind": "implicit",
        "policy_type": "identity_based",
    },
    "User: arn:aws:iam::444455556666:root\nAction: iam:GetAccountSummary\nContext: a service control policy explicitly denies the action": {
        "principal": "arn:aws:iam::444455556666:root",
        "action": "iam:GetAccountSummary",
        "resource": None,
        "kind": "explicit",
        "policy_type": "service_control",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each box; its context says kind and type in a sentence."""
    for match in compiled(PATTERN).finditer(passage.low):
        facts: Facts = {
            name: passage.text[slice(*match.span(name))] for name in ("principal", "action", "resource", "service") if match.group(name)
        }
        if match.group("reason"):
            facts |= {key: value for key, value in told_reason(match.group("reason")).items() if value}
        yield Found(match.start(), match.end(), facts)
