"""The change or session is too new."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from undeny.diagnose import facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.iam.principal import Principal

INFO = CauseInfo(
    code="propagation",
    bucket="propagation",
    title="the change is too new",
    text="""IAM is eventually consistent: a role, policy or key that was made seconds ago is not known everywhere yet. AWS gives no
number; a few seconds are usual, two minutes happen.

Signs: every policy allows it and the thing is minutes old; "The role defined for the function cannot be assumed by Lambda"; "Invalid
principal in policy" right after the role was made; the retry succeeds.

Mends it: waiting and trying again with growing pauses.

Does not: changing the policy once more, which starts the wait again.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency",
    example="InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
    related=("trust-policy", "malformed-policy"),
)
FRESH = timedelta(minutes=5)
WRITES = ("polic", "role", "user", "group", "accesskey", "grant", "boundary", "permission", "instanceprofile", "key", "tag")
"""Pieces of the names of events that change who may do what, in lower case."""
KINDS = (":role/", ":user/", ":policy/", ":instance-profile/")
MADE = ("CreateDate", "CreationDate", "UpdateDate", "LastModified", "AttachedAt", "CreateTime")
SIGNS = (
    Sign(
        says="the role or policy may be too new to be known everywhere: try again",
        words=(
            "right after", "immediately after", "just created", "newly created", "first attempt", "retry succeeds", "second run",
            "second apply", "works on retry", "works the second time", "intermittent",
        ),
        never=("signature",),
        weight=weights.WORDING + 2,
    ),
    Sign(
        says="the service cannot assume the role yet: a new role needs a little time; else its trust policy does not name the service",
        words=(
            "cannot be assumed by", "is not authorized to perform: sts:assumerole on service role", "role cannot be assumed",
            "unable to assume the role", "not authorized to perform assumerole on role", "service role cannot be assumed",
            "unable to assume role and validate",
        ),
        never=("assumerolewithwebidentity", "user: "),
        weight=weights.WORDING + 6,
    ),
    Sign(
        says="a role made moments ago is not known everywhere yet: try again",
        words=(
            "codebuild is not authorized to perform: sts:assumerole", "invalid iam instance profile", "try again in a few minutes",
            "eventual consistency", "eventually consistent", "has not propagated", "not propagated yet", "propagation",
        ),
        weight=weights.WORDING + 7,
    ),
    Sign(
        says="the principal in the policy may be too new to be known",
        words=("invalid principal in policy", "does not refer to a valid principal"),
        weight=weights.WORDING + 1,
    ),
)  # fmt: skip


NEW_NAME = ("invalid principal", "valid principal", "invalidclienttokenid", "unrecognizedclient", "cannot be assumed", "instance profile")
"""Errors that a principal, role or key brings about which is too new to be known."""


def look(case: Case) -> tuple[Cause, ...]:
    """By dates moments before the denial, where everything that was read allows the call; else by the wording."""
    found = tuple(_fresh(case)) if facts.passes(case) or _unknown_name(case) else ()
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else found


def _unknown_name(case: Case) -> bool:
    return any(word in facts.folded(case.denial) for word in NEW_NAME)


def _fresh(case: Case) -> Iterator[Cause]:
    now = case.evidence.now
    if now is None:
        return
    for thing, moment in _moments(case):
        age = now - moment
        if timedelta(0) <= age <= FRESH:
            seconds = int(age.total_seconds())
            verdict = "" if _unknown_name(case) else " and every policy that was read allows it"
            yield Cause(
                code=INFO.code,
                certainty="likely",
                summary=f"{thing} is {seconds} seconds older than this call{verdict}: wait and try again",
                request=0 if case.requests else None,
                weight=weights.BEFORE_POLICY + 4.0 if _unknown_name(case) else weights.FACT + (5.0 if age < FRESH / 2 else 3.0),
                facts={"age_seconds": seconds},
            )


def _moments(case: Case) -> Iterator[tuple[str, datetime]]:
    """Dates of the principal's and the request's own things, their attached policies, and writes seen in the event history."""
    for arn in _own(case):
        yield from _dated(say.thing(arn), facts.settings(case, arn))
    yield from _session(case)
    for change in case.evidence.changed_lately:
        if any(word in change.event.lower() for word in WRITES):
            yield f"{change.event} on {change.on}", change.time


def _session(case: Case) -> Iterator[tuple[str, datetime]]:
    """Give when the caller's session was made: `aws:TokenIssueTime`, which long-term keys do not carry.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tokenissuetime
    """
    request = facts.main(case)
    told = {**case.denial.context, **(request.context if request else {})}
    value = next((value for key, value in told.items() if key.lower() == "aws:tokenissuetime"), None)
    found = facts.moment(value[0] if isinstance(value, (tuple, list)) and value else value)
    if found:
        yield "the caller's session", found


def _dated(name: str, held: Mapping[str, Any]) -> Iterator[tuple[str, datetime]]:
    """Give the dates of a thing and of what is listed in it (attached policies, access keys, grants)."""
    for key in MADE:
        found = facts.moment(held.get(key))
        if found:
            yield name, found
    for listed in held.values():
        for one in listed if isinstance(listed, list | tuple) else ():
            if isinstance(one, Mapping):
                inner = one.get("PolicyName") or one.get("AccessKeyId") or one.get("GrantId")
                yield from _dated(f"{inner} of {name}" if inner else name, one)


def _own(case: Case) -> tuple[str, ...]:
    """Give the caller, its role with whatever path, and what the requests are about; every role and user where a name is not known."""
    wanted: set[str] = set()
    for request in case.requests:
        wanted |= {request.resource, facts.role_arn(request) or ""}
    caller = facts.role_arn(case.requests[0]) if case.requests else None
    name = Principal.parse(caller).name if caller else None
    held = tuple(case.evidence.resources)
    if _unknown_name(case):
        return tuple(arn for arn in held if any(kind in arn for kind in KINDS))
    mine = [arn for arn in held if arn in wanted or (name and arn.endswith(f"/{name}"))]
    return tuple(arn for arn in mine if any(kind in arn for kind in (*KINDS, ":kms:")))
