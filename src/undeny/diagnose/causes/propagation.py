"""The change or session is too new."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from undeny.diagnose import facts, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

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
MADE = ("CreateDate", "CreationDate", "UpdateDate", "LastModified", "AttachedAt", "CreateTime")
SIGNS = (
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


def look(case: Case) -> tuple[Cause, ...]:
    """By dates moments before the denial, where everything that was read allows the call; else by the wording."""
    found = list(_fresh(case)) if _could_be(case) else []
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _could_be(case: Case) -> bool:
    return facts.passes(case)


def _fresh(case: Case) -> Iterator[Cause]:
    now = case.evidence.now
    if now is None:
        return
    for thing, moment in _moments(case):
        age = now - moment
        if timedelta(0) <= age <= FRESH:
            seconds = int(age.total_seconds())
            yield Cause(
                code=INFO.code,
                certainty="likely",
                summary=f"{thing} is {seconds} seconds older than this call and every policy that was read allows it: wait and try again",
                request=0,
                weight=weights.FACT + 3.0 + (2.0 if age < timedelta(minutes=2) else 0.0),
                facts={"age_seconds": seconds},
            )


def _moments(case: Case) -> Iterator[tuple[str, datetime]]:
    """Dates of the principal's and the request's own things, their attached policies, and writes seen in the event history."""
    for arn in _own(case):
        held = facts.settings(case, arn)
        attached = [p for name in ("AttachedPolicies", "Policies", "PolicyList") for p in held.get(name) or () if isinstance(p, dict)]
        for source in (held, *attached):
            for name in MADE:
                found = facts.moment(source.get(name))
                if found:
                    yield f"`{arn.rpartition(':')[2]}`" if source is held else f"policy {source.get('PolicyName')}", found
    for change in case.evidence.changed_lately:
        yield f"{change.event} on {change.on}", change.time


def _own(case: Case) -> tuple[str, ...]:
    """Give the caller, its role with whatever path, and what the requests are about."""
    wanted: set[str] = set()
    for request in case.requests:
        wanted |= {request.resource, facts.role_arn(request) or ""}
    name = (facts.role_arn(case.requests[0]) or "").rpartition("/")[2] if case.requests else ""
    kinds = (":role/", ":user/", ":policy/", ":instance-profile/")
    return tuple(
        arn for arn in case.evidence.resources if arn in wanted or (name and arn.endswith(f"/{name}") and any(k in arn for k in kinds))
    )
