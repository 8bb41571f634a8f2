"""Let the caller make the service-linked role of that one service, or have somebody make it once: it is then there for all.

The role itself is AWS's: nothing here edits one.
"""

import msgspec

from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals, requests
from undeny.fix.model import Fix

CODES = ("service-linked-role",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html"
ACTION = "iam:CreateServiceLinkedRole"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the permission with its service as a condition; the message is the command that makes the role without it."""
    request = proposals.request_of(case, cause)
    asked = request is not None and request.action.lower() == ACTION.lower()
    service = (requests.linked_service(request) if request and asked else None) or "<service>.amazonaws.com"
    message = f"Or make the role once for the account: aws iam create-service-linked-role --aws-service-name {service}"
    if not case.evidence.from_text and asked:
        return ()  # the exact statement comes from the verdict
    condition = {"StringEquals": {"iam:AWSServiceName": service}}
    fix = proposals.policy(case, cause, "identity", action=ACTION, condition=condition)
    return (msgspec.structs.replace(fix, message=message),)
