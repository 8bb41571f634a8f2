"""Allow the action on what a statement of the caller names already: the objects of its bucket, not this one object alone."""

import msgspec

from undeny.diagnose.model import Case, Cause
from undeny.fix import documents, grants, mend, owner
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import elements, wildcard

CODES = ("identity-missing-allow",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the action in the statement whose resources cover this one; none where no such statement is there."""
    request = mend.request_of(case, cause)
    if case.evidence.from_text or request is None or request.role != "main" or not request.principal:
        return ()
    held = grants.layers_of(case, request).identity
    for policy in held if isinstance(held, tuple) else ():
        if not grants.can_edit(policy) or owner.shared(policy):
            continue
        for index, statement in enumerate(elements.statements(policy.document.data)):
            if not _covers(statement, request.action, request.resource):
                continue
            after = {**statement, "Action": [*elements.listed(statement["Action"]), request.action]}
            before = elements.plain(policy.document.data)
            edit = PolicyEdit(
                layer="identity",
                target=grants.holder(case, request),
                policy=policy.name,
                before=before,
                after=documents.replaced(before, index, after),
            )
            return (_fix(request.action, edit, tuple(str(r) for r in elements.listed(statement["Resource"])), index, request.principal),)
    return ()


def _covers(statement: documents.Json, action: str, resource: str) -> bool:
    """Whether the statement allows other actions of the service, without condition, on a pattern that this resource fits."""
    if statement.get("Effect") != "Allow" or "Condition" in statement or not {"Action", "Resource"} <= set(statement):
        return False
    patterns = [str(r) for r in elements.listed(statement["Resource"])]
    if "*" in patterns or not any(p != resource and wildcard.arn_matches(p, resource) for p in patterns):
        return False
    prefix = action.partition(":")[0].lower()
    return all(str(a).lower().startswith(f"{prefix}:") for a in elements.listed(statement["Action"]))


def _fix(action: str, edit: PolicyEdit, resources: tuple[str, ...], index: int, principal: str) -> Fix:
    whose = owner.of_principal(principal)
    fix = Fix(
        id="",
        title=f"allow {action} on all that statement {index + 1} of {edit.policy} names",
        layer="identity",
        applicability="maybe_incorrect",
        changes=(edit,),
        risks=(f"opens more than this call: {action} on {', '.join(resources)}",),
        managed_by=whose.managed_by,
        grants=tuple((action, resource) for resource in resources),
    )
    return msgspec.structs.replace(fix, risks=(*fix.risks, whose.note)) if whose.note else fix
