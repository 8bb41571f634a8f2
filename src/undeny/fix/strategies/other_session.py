"""Make the session anew: its policy was fixed when it was made, and no edit of the role or user gets past it."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import mend, proposals
from undeny.fix.model import Fix

CODES = ("session-explicit-deny", "scope-down-missing-allow", "scope-down-explicit-deny")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose credentials from a session that is not narrowed so; nobody here knows which."""
    request = mend.request_of(case, cause)
    if not case.evidence.from_text and request is not None and mend.place(case, request, cause.statement) is not None:
        return ()  # the statement was read: strategies/owner_proposal.py says with which policy to make the session
    what = case.requests[0].action if case.requests else case.denial.action or "this call"
    name = "scope-down policy" if cause.code.startswith("scope") else "session policy"
    how = (
        f"make the call with a session whose {name} does not stop {what}: make the session anew with another policy, "
        "or let a role of your own make this call where a service narrows the session itself"
    )
    return (proposals.call(how, f"use a session whose {name} lets {what} through"),)
