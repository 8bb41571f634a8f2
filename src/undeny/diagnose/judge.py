"""The diagnosis: every cause is asked, the answers are ordered, and what contradicts or rules out is said."""

from collections.abc import Iterator, Mapping
from functools import cache

from undeny import dropins
from undeny.denial.record import ENCODED, to_decode
from undeny.diagnose import along, exclude, facts, quotas, triage, unseen, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Bucket, Case, Cause, Diagnosis, Missing

CAUSES = "undeny.diagnose.causes"
ASKED_POLICIES = ("permission", "propagation", "call", "unknown")
"""Buckets in which it matters on what the call was: the others are decided before any policy is asked."""
UNSEEN = {
    "propagation": "a policy may have been changed since, or the change had not arrived everywhere yet",
    "wrong-principal": "the call may have been made by somebody else: ask sts:GetCallerIdentity in that very place",
    "scope-down-missing-allow": "the credentials may be narrowed by a scope-down policy, which no text and no ARN shows",
    "account-restriction": "the account's own state may stand in the way",
}
"""What refuses a call that every policy allows and no evidence shows, likeliest first."""


def diagnose(case: Case) -> Diagnosis:
    """Give the likeliest cause of a denial, how sure that is, the others, and what was ruled out."""
    ranked = _ranked(case) or _nothing_known(case)
    first, *others = _settled(ranked)
    return Diagnosis(
        bucket=bucket_of(first.code),
        cause=first,
        other_causes=tuple(others),
        ruled_out=exclude.ruled_out(case, {cause.code for cause in (first, *others)}, bucket_of(first.code)),
        missing_evidence=(*along.missing(case, bucket_of(first.code)), *_missing(case, first)),
        disagreement=exclude.disagreement(case, first),
        why=triage.why(case, bucket_of(first.code)),
        settles="" if facts.read(case) or first.certainty in ("proven", "stated") else triage.next_look(case, bucket_of(first.code)),
    )


@cache
def catalogue() -> Mapping[str, CauseInfo]:
    """Give every cause by its code."""
    return {drop_in.INFO.code: drop_in.INFO for drop_in in dropins.load_all(CAUSES)}


def bucket_of(code: str) -> Bucket:
    """Give the bucket of a code; it follows from nothing else. Raises `KeyError` for no code of ours."""
    name = code.replace("-", "_")
    if name not in dropins.names(CAUSES):
        raise KeyError(code)
    info: CauseInfo = dropins.load(CAUSES, name).INFO
    return info.bucket


def _ranked(case: Case) -> tuple[Cause, ...]:
    """Ask each cause; order the answers, keep the heaviest of each code, and drop guesses that policies which were read exclude."""
    best: dict[str, Cause] = {}
    for cause in sorted(_asked(case), key=lambda found: -found.weight):
        guessed = cause.request is None and cause.certainty == "likely"
        if not (guessed and exclude.excludes(case, cause)):
            best.setdefault(cause.code, cause)
    return tuple(best.values())


def _asked(case: Case) -> Iterator[Cause]:
    for drop_in in dropins.load_for(CAUSES, facts.folded(case.denial)):
        found = drop_in.look(case)
        if isinstance(found, Cause):
            yield found
        elif found:
            yield from found


def _settled(ranked: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """Set what the candidates are to each other: another reading of what is proven is not proven; a tie or a bare guess is unknown."""
    first, *others = ranked
    equal = [cause for cause in ranked if first.weight - cause.weight < weights.TIE]
    if first.certainty == "likely" and len(equal) > 1 and first.weight <= weights.WORDING:
        told = f"{first.summary} ({len(equal)} reasons are as likely as each other)"
        return (_with(first, certainty="unknown", summary=told), *(_with(c, certainty="unknown") if c in equal else c for c in others))
    if first.certainty == "likely" and first.weight < weights.USUAL + 1.0:
        return (_with(first, certainty="unknown"), *others)
    if first.certainty == "proven":
        kept = [cause for cause in others if cause.weight >= weights.WORTH_TELLING]
        return (first, *(_with(c, certainty="likely") if _another_reading(c, first) else c for c in kept))
    less = first.certainty == "stated"
    return (first, *(_with(c, certainty="likely") if less and c.certainty == "proven" else c for c in others))


def _another_reading(cause: Cause, first: Cause) -> bool:
    """Tell whether a cause speaks of the same layer of the same request as the proven one."""
    return cause.certainty == "proven" and (cause.request, cause.layer) == (first.request, first.layer)


def _with(cause: Cause, **changed: str) -> Cause:
    fields = {name: getattr(cause, name) for name in cause.__struct_fields__}
    return Cause(**(fields | changed))


def _nothing_known(case: Case) -> tuple[Cause, ...]:
    """Give what is left: where policies were read and allow the call, what no policy shows; else the commonest reason."""
    what = case.denial.action or case.denial.operation or "the call"
    if not facts.passes(case):
        summary = f"nothing in the text says why {what} was refused; a missing allow is the commonest reason"
        return (_left("identity-missing-allow", summary),)
    return tuple(_left(code, f"every policy that was read allows it; {why}") for code, why in UNSEEN.items())


def _left(code: str, summary: str) -> Cause:
    return Cause(code=code, certainty="unknown", summary=summary, weight=weights.LAST)


def _missing(case: Case, first: Cause) -> tuple[Missing, ...]:
    found = {one.what: one for one in (*_of_health(case), *_told(case), *_of_quota(case))}
    asked_policies = bucket_of(first.code) in ASKED_POLICIES
    for request, verdict in zip(case.requests, case.verdicts, strict=False):
        if not request.certain and "*" in request.resource:
            continue
        for need in verdict.open:
            found.setdefault(need.what, Missing(what=need.what, how=need.how or "give it with the scenario"))
    for _, request, _verdict in facts.denied(case):
        unread = unseen.allows(case, request)
        if unread is not None:
            found.setdefault(unread.what, unread)
    if asked_policies and any(not facts.resource_known(request) for request in case.requests[:1]):
        found.setdefault("resource", Missing(what="on what the call was", how="give --resource ARN"))
    for gap in case.evidence.gaps:
        how = gap.how or (f"allow {gap.permission} to whoever reads" if gap.permission else gap.why)
        found.setdefault(gap.what, Missing(what=gap.what, how=how))
    return tuple(found.values())


def _of_health(case: Case) -> Iterator[Missing]:
    """Say first that AWS Health could not be asked, and why: it is only asked where it could settle the cause."""
    for gap in case.evidence.gaps:
        if gap.what.startswith("AWS Health"):
            yield Missing(what=gap.what, how=f"{gap.why}: {gap.how or 'see the health dashboard of that Region'}")


def _of_quota(case: Case) -> Iterator[Missing]:
    """Name the numbers of the quota that the text speaks of, where nobody read them."""
    known = quotas.of_case(case)
    if known is not None and known.quota.code and known.used is None:
        yield Missing(what=f"how much of {known.quota.name} is used", how="read with --live (servicequotas:GetServiceQuota)")


def _told(case: Case) -> Iterator[Missing]:
    """Name what the denial itself holds and nobody has opened yet.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
    """
    denial = case.denial
    if denial.authorization_id and not denial.recorded and not facts.read(case):
        yield Missing(
            what="AWS's own account of this decision", how="read it with iam:GetRequestAuthorizationDetails, kept for at least 24 hours"
        )
    if denial.encoded_message and denial.encoded_truncated:
        yield Missing(what="the encoded authorization message", how="it is cut off and cannot be decoded: get the whole text")
    elif denial.encoded_message and not denial.recorded and not any(gap.what == ENCODED for gap in case.evidence.gaps):
        yield Missing(what=ENCODED, how=to_decode(denial.encoded_message))
