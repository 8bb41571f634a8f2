"""The policy document that a call sends, where the event or the scenario has its parameters."""

from collections.abc import Mapping
from typing import Any

from undeny.diagnose import facts
from undeny.diagnose.model import Case

NAMES = (
    "policydocument", "assumerolepolicydocument", "bucketpolicy", "policy", "policytext", "resourcepolicy", "repositorypolicytext",
    "keypolicy", "content", "registrypolicytext",
)  # fmt: skip
"""Parameters that hold a policy, in lower case, as the APIs and CloudTrail spell them."""
BY_OPERATION: Mapping[str, tuple[str, str]] = {
    # operation: kind of the document, the limit that AWS counts it against (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
    "createrole": ("trust", "role trust policy length (L-C07B4B0D)"),
    "updateassumerolepolicy": ("trust", "role trust policy length (L-C07B4B0D)"),
    "createpolicy": ("identity", "managed policy length"),
    "createpolicyversion": ("identity", "managed policy length"),
    "putrolepolicy": ("identity", "all inline policies of a role together"),
    "putuserpolicy": ("identity", "all inline policies of a user together"),
    "putgrouppolicy": ("identity", "all inline policies of a group together"),
    "putbucketpolicy": ("resource", "bucket policy size"),
    "putkeypolicy": ("resource", "key policy document size"),
    "createkey": ("resource", "key policy document size"),
    "assumerole": ("session", "session policy and its packed size"),
    "getfederationtoken": ("session", "session policy and its packed size"),
}
ORGANISATION = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}


def parameters(case: Case) -> Mapping[str, Any]:
    """Give the parameters of the call as event or scenario have them; empty where neither has any."""
    request = facts.main(case)
    return {**(case.denial.parameters or {}), **(request.parameters if request else {})}


def policy(case: Case) -> str | Mapping[str, Any] | None:
    """Give the document that the call sends, as text or mapping; `None` where nobody knows it."""
    for name, value in parameters(case).items():
        if name.lower() in NAMES and isinstance(value, (str, Mapping)) and value:
            return value
    return None


def operation(case: Case) -> str:
    """Give the operation's name in lower case, without date; the action's where the text names no operation."""
    request = facts.main(case)
    named = case.denial.operation or (case.denial.action or (request.action if request else "")).partition(":")[2]
    return named.lower()


def kind(case: Case) -> str:
    """Give the kind of the document: `identity`, `trust`, `resource`, `session`, `scp` or `rcp`."""
    told = parameters(case)
    organisation = ORGANISATION.get(str(told.get("type") or told.get("Type") or ""))
    return organisation or BY_OPERATION.get(operation(case), ("resource", ""))[0]


def holder(case: Case) -> str:
    """Give what the document's length is counted for, as `iam.limits` names it: `role`, `identity` (managed), `trust`, `kms`, ..."""
    named = {"putrolepolicy": "role", "putuserpolicy": "user", "putgrouppolicy": "group", "putkeypolicy": "kms", "createkey": "kms"}
    return named.get(operation(case)) or kind(case)


def limit_name(case: Case) -> str:
    """Give the name of the limit that the document is counted against; empty where it is not known."""
    return BY_OPERATION.get(operation(case), ("", ""))[1]
