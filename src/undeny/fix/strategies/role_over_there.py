"""Assume a role in the other account: what has no policy of its own is reached from outside in no other way."""

from undeny import evidence as evidence_room
from undeny.diagnose.model import Case, Cause
from undeny.fix import mend, proposals, requests
from undeny.fix.model import Fix

CODES = ("resource-missing-allow",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the call by a role of the thing's account; none where the thing takes a policy."""
    request = mend.request_of(case, cause)
    if case.evidence.from_text or request is None or evidence_room.holder_of_policy(request.action, request.resource) is not None:
        return ()
    account, own = request.resource_account, requests.caller(request).account
    if account is None or own is None or account == own:
        return ()
    thing = requests.short(request.resource)
    how = f"assume a role of account {account} that may, and call with its session: {thing} takes no policy of its own"
    return (proposals.call(how, f"assume a role in {account} first", principal=f"<role in {account}>"),)
