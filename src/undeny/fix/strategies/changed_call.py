"""Change the call so that it is what the policy asks for: the header, tag, Region, MFA, ACL or boundary in its condition."""

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.decide.model import Miss, StatementResult
from undeny.diagnose.model import Case, Cause
from undeny.fix import callable as sent
from undeny.fix import mend, past, requests, values
from undeny.fix.mend import Place
from undeny.fix.model import Fix
from undeny.iam import wildcard

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
        if sent.tag_of_thing(miss.key) and miss.got:
            return None  # the thing is tagged as another's: a new tag would be a way around
        value = _wanted_of(miss, request)
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


def _wanted_of(miss: Miss, request: Request) -> str | None:
    account = requests.caller(request).account
    wanted = tuple(_filled(w, request) for w in miss.wanted)
    if values.negated(miss.operator or ""):
        return None
    if (miss.key or "").lower() == "aws:tagkeys" and miss.got:
        return None
    if (miss.key or "").lower() == "s3:prefix":
        # a prefix that ends where the pattern's star begins fits it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
        return next((w.removesuffix("*") for w in wanted if not wildcard.has_wildcard(w.removesuffix("*")) and "${" not in w), None)
    value = values.value_that_holds(miss.operator or "", wanted, account)
    return past.named(miss.key or "", value) if value else None


def _filled(wanted: str, request: Request) -> str:
    """Give a policy's value with the caller's own name and tags in it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    who = requests.caller(request)
    known = {k: v for k, v in request.context.items() if isinstance(v, str)}
    if who.kind == "user" and who.name:
        known["aws:username"] = who.name
    for key, value in known.items():
        wanted = wanted.replace(f"${{{key}}}", value)
    return wanted
