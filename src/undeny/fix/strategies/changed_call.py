"""Change the call so that it is what the policy asks for: the header, tag, Region, MFA, ACL or boundary in its condition."""

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.decide.model import Miss, StatementResult
from undeny.diagnose.model import Case, Cause
from undeny.evidence.model import Policy
from undeny.fix import callable as sent
from undeny.fix import grants, mend, past, requests, values
from undeny.fix.mend import Place
from undeny.fix.model import CallEdit, Fix
from undeny.iam import elements, wildcard

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
        fixes = tuple(fix for fix in (past.deny(request, held) for held in told.held) if fix)
        return tuple(_welcome(case, request, fix) for fix in _tagged(request, told, fixes))
    found = _satisfying(case, request, at, told)
    return (found,) if found else ()


def _tagged(request: Request, told: StatementResult, fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """Fold the tags that one statement asks for into one call: each alone ends the Deny, and its author wants them all."""
    tags = [h for h in told.held if (h.key or "").lower().startswith("aws:requesttag/") and not h.got]
    edits = [c for f in fixes for c in f.changes if isinstance(c, CallEdit) and any(k in {h.key for h in tags} for k in c.context)]
    if len(edits) < len(("one", "another")):
        return fixes
    differs = {k: v for c in edits for k, v in c.context.items()}
    names = " and ".join(f"{k.partition('/')[2]}={v}" for k, v in differs.items())
    how = f"send the tags {names} in this very call, not afterwards (`--tags`, `TagSpecifications`)"
    both = past.call(request, differs, (how,))
    rest = tuple(f for f in fixes if not any(c in edits for c in f.changes))
    return (both, *rest)


def _welcome(case: Case, request: Request, fix: Fix) -> Fix:
    """Say of a call from inside another organisation or account that the thing's own policy names this very caller, on purpose."""
    inside = any(isinstance(c, CallEdit) and c.principal for c in fix.changes)
    held = grants.layers_of(case, request).resource if inside else None
    if not isinstance(held, Policy):
        return fix
    names = {grants.holder(case, request), request.principal}
    named = any(
        s.get("Effect") == "Allow" and isinstance(s.get("Principal"), dict) and names & set(elements.listed(s["Principal"].get("AWS")))
        for s in elements.statements(held.document.data)
    )
    return msgspec.structs.replace(fix, risks=(*fix.risks, past.WELCOME)) if named else fix


def _satisfying(case: Case, request: Request, at: Place, told: StatementResult) -> Fix | None:
    """Give the call for which an Allow applies: key after key, as long as the caller decides them."""
    differs: dict[str, ContextValue] = {}
    hows: list[str] = []
    if told.miss is not None and (told.miss.key or "").lower() == "aws:tagkeys" and told.miss.got:
        return past.with_tags_of(request, told.miss)  # no tag is made up
    now, moved = request, False
    for _ in range(mend.STEPS):
        if told.applies:
            return past.call(request, differs, tuple(hows), moved=moved) if differs else None
        miss = told.miss
        if miss is None or miss.element != "condition" or miss.key is None or not sent.callable_key(request, miss.key):
            return None
        if sent.tag_of_thing(miss.key) and miss.got:
            return None  # the thing is tagged as another's: a new tag would be a way around
        value = _wanted_of(miss, request)
        if value is None or miss.key in differs or not sent.possible(miss.key, value):
            return None
        moved = moved or (bool(miss.got) and miss.key.lower() in sent.NETWORK)
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
