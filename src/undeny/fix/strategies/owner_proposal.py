"""Propose to the owner of a guard the smallest change that lets this request through, with a message ready to send."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import grants, guards, mend, proposals, requests
from undeny.fix.model import Fix

CODES = (
    "scp-explicit-deny", "rcp-explicit-deny", "identity-explicit-deny", "resource-explicit-deny", "boundary-explicit-deny",
    "session-explicit-deny", "endpoint-explicit-deny", "scp-missing-allow", "boundary-missing-allow", "session-missing-allow",
)  # fmt: skip
SOURCE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose an exception to a Deny, or the allow that a guard lacks; always for its owner to decide."""
    layer = cause.layer or cause.code.partition("-")[0]
    if case.evidence.from_text or not case.requests:
        return _told(case, cause, layer)
    request = mend.request_of(case, cause)
    if request is None:
        return ()
    if cause.code.endswith("missing-allow"):
        return _missing(case, cause, layer)
    at = mend.place(case, request, cause.statement)
    if at is None and cause.statement is None:
        return _told(case, cause, layer)  # AWS says so, and that layer was not read
    if at is None or not grants.can_edit(at.policy) or at.statement.get("Effect") != "Deny":
        return ()
    grant = guards.sparing(case, request, at, mend.judged(case, case.evidence, request, at))
    if grant is None:
        return ()
    title = f"ask for an exception in {at.name or f'the policy of {requests.short(at.target)}'} for {requests.in_policies(request)}"
    return (grants.as_fix(grant, title, at.layer),)


def _missing(case: Case, cause: Cause, layer: str) -> tuple[Fix, ...]:
    request = mend.request_of(case, cause)
    if request is None or layer not in ("scp", "boundary", "session"):
        return ()
    grant = guards.missing_allow(case, request, layer)  # type: ignore[arg-type] # one of its three, as the line above says
    if grant is None:
        return _told(case, cause, layer) if cause.certainty == "stated" else ()
    return (grants.as_fix(grant, f"ask for {request.action} in the {guards.NAMES[layer]} {grant.edits[0].policy}", layer),)


def _told(case: Case, cause: Cause, layer: str) -> tuple[Fix, ...]:
    """From a text alone: which guard it is and whose, never a grant around it."""
    if cause.code.endswith("missing-allow") and layer in ("scp", "boundary", "session"):
        return (proposals.policy(case, cause, layer),)  # type: ignore[arg-type] # one of its three, as the line above says
    what = case.denial.action or "this call"
    policy = f" ({case.denial.policy_arn})" if case.denial.policy_arn else ""
    name = guards.NAMES.get(layer, "policy")
    how = f"a {name}{policy} denies {what}: call where and how it allows, or ask its owner for an exception for {what} by this caller"
    return (proposals.call(how, f"stay within what the {name} allows", owner="organization" if layer in ("scp", "rcp") else None),)
