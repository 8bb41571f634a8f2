"""A policy document that IAM or a service does not accept, in many words."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("malformedpolicy", "legacy parsing", "errors in policy", "statement must", "policy has invalid", "policy document", "invalid json")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html"
PATTERN = (
    r"(?<=malformedpolicydocument: )(?!invalid principal)[^\n\"<]{1,300}|(?<=malformedpolicydocumentexception: )(?!invalid "
    r"principal)[^\n\"<]{1,300}|(?<=malformedpolicy: )(?!invalid principal)[^\n\"<]{1,300}|(?<!document: "
    r")(?<!documentexception: )(?<!policy: )(?:the policy failed legacy parsing|syntax errors in policy|policy statement "
    r"must (?:contain|include)[^\n\"<]{0,60}|policy has invalid [^\n\"<]{0,80}|this policy contains invalid json|(?:the "
    r")?policy document (?:should|must) [^\n\"<]{0,80})\.?"
)
EXAMPLES = {
    "MalformedPolicyDocument: The policy failed legacy parsing": {"error_code": "MalformedPolicyDocument"},
    "An error occurred (MalformedPolicyDocument) when calling the PutRolePolicy operation: Syntax errors in policy.": {
        "error_code": "MalformedPolicyDocument",
        "operation": "PutRolePolicy",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
