"""A service-linked role is missing and may not be created, or must not be touched."""

from undeny.diagnose import blocks, facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.iam.principal import Principal

INFO = CauseInfo(
    code="service-linked-role",
    bucket="permission",
    title="a service-linked role is missing, or must not be touched",
    text="""Many services make their service-linked role on first use in an account, with the caller's permissions: whoever comes first
needs iam:CreateServiceLinkedRole. Such a role belongs to its service: nobody edits it, and only the service deletes it.

Signs: "is not authorized to perform: iam:CreateServiceLinkedRole"; "Caller does not have permissions to create a Service Linked Role";
UnmodifiableEntity; it works in an older account and not in a new one.

Mends it: somebody who may creates it once (aws iam create-service-linked-role --aws-service-name ...), or iam:CreateServiceLinkedRole
on that role's ARN with iam:AWSServiceName.

Does not: iam:PassRole; editing the role.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html",
    example="AccessDeniedException: Caller does not have permissions to create a Service Linked Role",
    related=("identity-missing-allow", "pass-role"),
)
SIGNS = (
    Sign(
        says="a service-linked role is needed here, and {who} may not create it (iam:CreateServiceLinkedRole)",
        words=(
            "createservicelinkedrole", "create a service linked role", "create a service-linked role",
            "creating or assuming a service linked", "create service linked role", "create service-linked role",
            "create the service-linked role", "create the service linked role",
        ),
        never=("explicit deny", "no permissions boundary", "no session policy"),
        weight=weights.SAID + 3,
    ),
    Sign(
        says="this role belongs to AWS (a service-linked or Identity Center role): nobody else changes it",
        errors=("unmodifiableentity",),
        weight=weights.SAID,
        certainty="stated",
    ),
    Sign(
        says="the service's linked role is missing, or cannot be assumed by it yet",
        words=(
            "assume the service linked role", "service linked role exists", "assume the service-linked role", "service-linked role exists",
        ),
        weight=weights.WORDING + 7.5,
    ),
    Sign(
        says="a service-linked role is missing here, or was touched",
        words=("service linked role", "service-linked role", "awsservicerolefor"),
        weight=weights.WORDING + 3,
    ),
)  # fmt: skip


EDITS = (
    "iam:deleterole", "iam:attachrolepolicy", "iam:detachrolepolicy", "iam:putrolepolicy", "iam:deleterolepolicy",
    "iam:updateassumerolepolicy", "iam:updaterole", "iam:putrolepermissionsboundary",
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the verdict on iam:CreateServiceLinkedRole, by a role that is missing or AWS's own, else by the wording."""
    found = [cause for cause in blocks.lacking(case, "identity", INFO.code, 5.0) if _creates(case, cause)]
    found += [cause for cause in (_edited(case), _missing(case)) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _creates(case: Case, cause: Cause) -> bool:
    return case.requests[cause.request or 0].action.lower() == "iam:createservicelinkedrole"


def _linked(arn: str) -> bool:
    return Principal.parse(arn).kind == "role" and Principal.parse(arn).is_service_linked_role


def _edited(case: Case) -> Cause | None:
    request = facts.main(case)
    if request is None or request.action.lower() not in EDITS or not _linked(request.resource):
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"{say.who(request.resource)} is linked to its service, which alone may change it",
        request=0,
        weight=weights.BLOCKED + 8.0,
    )


def _missing(case: Case) -> Cause | None:
    absent = next((arn for arn, thing in case.evidence.resources.items() if thing.exists is False and _linked(arn)), None)
    if absent is None or not facts.passes(case):
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"IAM allows it, and {say.who(absent)}, which the service needs, does not exist in this account yet",
        request=0,
        weight=weights.FACT + 7.0,
    )
