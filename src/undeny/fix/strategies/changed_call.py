"""Change the call so that it is what the policy asks for: the header, tag, Region, MFA, ACL or boundary in its condition."""

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.decide.model import Miss, StatementResult
from undeny.diagnose.model import Case, Cause
from undeny.fix import callable as sent
from undeny.fix import mend, past, requests, values
from undeny.fix.mend import Place
from undeny.fix.model import Fix

CODES = (
    "condition-mismatch", "identity-explicit-deny", "resource-explicit-deny", "scp-explicit-deny", "rcp-explicit-deny",
    "boundary-explicit-deny", "session-explicit-deny", "endpoint-explicit-deny", "trust-policy",
)  # fmt: skip
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the call that satisfies the statement; none where the caller does not decide that key."""
    request = mend.request_of(case, cause)
    if case.evidence.from_text or request is None or request.role != "main":
        return ()
    at = mend.place(case, request, cause.statement)
    if at is None:
        return ()
    told = mend.judged(case, case.evidence, request, at)
    if told is None:
        return ()
    if at.statement.get("Effect") == "Deny":
        fixes = (past.deny(request, held) for held in told.held)
        return tuple(fix for fix in fixes if fix)
    found = _satisfying(case, request, at, told)
    return (found,) if found else ()


def _satisfying(case: Case, request: Request, at: Place, told: StatementResult) -> Fix | None:
    """Give the call for which an Allow applies: key after key, as long as the caller decides them."""
    differs: dict[str, ContextValue] = {}
    hows: list[str] = []
    now = request
    for _ in range(mend.STEPS):
        if told.applies:
            return past.call(request, differs, tuple(hows)) if differs else None
        miss = told.miss
        if miss is None or miss.element != "condition" or miss.key is None or not sent.callable_key(request, miss.key):
            return None
        value = _wanted_of(miss, requests.caller(request).account)
        if value is None or miss.key in differs:
            return None
        differs[miss.key] = value
        hows.append(sent.how(miss.key, value, miss.wanted))
        now = msgspec.structs.replace(now, context={**now.context, miss.key: value})
        again = mend.judged(msgspec.structs.replace(case, requests=(now, *case.requests[1:])), case.evidence, now, at)
        if again is None:
            return None
        told = again
    return None


def _wanted_of(miss: Miss, account: str | None) -> str | None:
    if values.negated(miss.operator or ""):
        return None
    if (miss.key or "").lower() == "aws:tagkeys" and miss.got:
        return None
    value = values.value_that_holds(miss.operator or "", miss.wanted, account)
    return past.named(miss.key or "", value) if value else None
