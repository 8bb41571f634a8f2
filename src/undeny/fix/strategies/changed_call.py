"""Change the call so that it is what the policy asks for: the header, tag, Region, MFA, ACL or boundary in its condition."""

from collections.abc import Mapping

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.decide.model import Miss, StatementResult
from undeny.diagnose.model import Case, Cause
from undeny.fix import callable as sent
from undeny.fix import mend, requests, values
from undeny.fix.mend import Place
from undeny.fix.model import CallEdit, Fix

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
        fixes = (_past(request, held) for held in told.held)
        return tuple(fix for fix in fixes if fix)
    found = _satisfying(case, request, at, told)
    return (found,) if found else ()


def _past(request: Request, held: Miss) -> Fix | None:
    """Give the call with which this one condition of a Deny no longer holds."""
    key, operator = held.key or "", held.operator or ""
    if key.lower() in sent.OF_ORGANIZATION and requests.caller(request).kind in ("user", "role", "role_session"):
        return _from_inside(held)
    if key.lower() in sent.NETWORK or not sent.callable_key(request, key):
        return None
    value = values.value_that_ends(operator, held.wanted, requests.caller(request).account)
    if value is None:
        return None
    return _call({key: _named(key, value)}, (sent.how(key, _named(key, value), held.wanted),), (key,))


def _from_inside(held: Miss) -> Fix:
    """Only a principal of the organisation passes: nobody here knows which."""
    wanted = ", ".join(held.wanted)
    how = f"call as a principal of the organisation or account that the guard names ({wanted}): assume a role there first"
    return Fix(
        id="",
        title=f"call from inside {wanted}",
        layer="call",
        applicability="has_placeholders",
        changes=(CallEdit(how=how, principal="<role in that organisation>"),),
    )


def _satisfying(case: Case, request: Request, at: Place, told: StatementResult) -> Fix | None:
    """Give the call for which an Allow applies: key after key, as long as the caller decides them."""
    differs: dict[str, ContextValue] = {}
    hows: list[str] = []
    now = request
    for _ in range(mend.STEPS):
        if told.applies:
            return _call(differs, tuple(hows), tuple(differs)) if differs else None
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
    value = values.value_that_holds(miss.operator or "", miss.wanted, account)
    return _named(miss.key or "", value) if value else None


def _named(key: str, value: str) -> str:
    """Name a value that any would do for by its tag: `<Team>`."""
    return f"<{key.partition('/')[2] or key.partition(':')[2]}>" if value == "<value>" else value


def _call(differs: Mapping[str, ContextValue], hows: tuple[str, ...], keys: tuple[str, ...]) -> Fix:
    how = "; ".join(hows)
    open_ = any("<" in str(v) for v in differs.values())
    network = any(k.lower() in sent.NETWORK for k in keys)
    return Fix(
        id="",
        title=how.partition(": ")[0].partition(" (`")[0] if len(hows) == 1 else f"send what the policy asks for: {', '.join(keys)}",
        layer="call",
        applicability="has_placeholders" if open_ else "maybe_incorrect" if network else "machine_applicable",
        changes=(CallEdit(how=how, context=dict(differs)),),
    )
