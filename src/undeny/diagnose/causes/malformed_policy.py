"""A policy document is not valid."""

import msgspec

from undeny.diagnose import malformed, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.iam import document as documents

NEEDS = ("malformed", "polic", "principal", "legacy parsing")
INFO = CauseInfo(
    code="malformed-policy",
    bucket="call",
    title="a policy document is not valid",
    text="""The policy that the call carries is refused: its grammar, an action or field that is not there, a resource that this kind
of policy does not take, or a principal that does not exist (deleted, mistyped, or made moments ago).

Signs: MalformedPolicyDocument, MalformedPolicy, "Invalid principal in policy", "Syntax errors in policy".

Mends it: the document; for a principal: create it first, wait a little, or name the account and condition on aws:PrincipalArn.

Does not: permissions for the caller.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html",
    example="An error occurred (MalformedPolicyDocument) when calling the PutRolePolicy operation: Syntax errors in policy.",
    related=("policy-size-limit", "propagation"),
)
SIGNS = (
    Sign(
        says="the policy in the call is not valid",
        errors=(
            "malformedpolicydocument", "malformedpolicy", "malformedpolicydocumentexception", "malformedpolicyexception",
            "invalidpolicydocument", "invalidpolicyexception", "malformedresourcepolicyexception", "invalidpolicy",
        ),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
    Sign(
        says="the policy names a principal that does not exist: deleted, mistyped, or made moments ago",
        words=(
            "invalid principal in policy", "does not refer to a valid principal",
            "policy contains a statement with one or more invalid principals",
        ),
        never=("creategrant",),
        weight=weights.BEFORE_POLICY + 1,
    ),
    Sign(
        says="the policy in the call is not valid",
        words=(
            "syntax errors in policy", "failed legacy parsing", "policy has invalid resource", "policy has invalid action",
            "invalid policy syntax", "policy document is invalid", "policy statement must contain", "policies must be valid json",
            "invalid policy role statement",
        ),
        weight=weights.BEFORE_POLICY - 0.5,
        certainty="stated",
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording; with the place in the document, where the event or scenario has it."""
    told = read(case, INFO.code, SIGNS)
    if told is None:
        return None
    document, found = malformed.flaws(case)
    if not found:
        return told
    first = found[0]
    path = documents.path_text(first.path)
    place = documents.locate(document, first.path) if document is not None and first.path else None
    where = f"{path}, line {place.line}: " if place is not None and first.path else ""
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return msgspec.structs.replace(
        told,
        summary=f"the policy in the call is not valid: {where}{first.says}{more}",
        key=path,
        facts={"places": [_place(one) for one in found]},
    )


def _place(one: malformed.Flaw) -> dict[str, str]:
    return {"path": documents.path_text(one.path), "says": one.says}
