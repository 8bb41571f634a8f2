"""Whether the denied call is allowed now: repeated where that changes nothing, else decided on policies read afresh.

AWS's own simulator is asked only where it can know better than the local decision, and only of what it gets right.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from undeny import calls, decide, diagnose
from undeny.aws import collect, repeat, simulate
from undeny.aws.session import Session
from undeny.calls.model import Request
from undeny.change.model import Verification
from undeny.decide.model import Verdict
from undeny.denial.model import Denial
from undeny.diagnose.model import Case
from undeny.evidence import complete, unread
from undeny.evidence.joined import join
from undeny.evidence.model import Evidence

ATTEMPTS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds, at most, between tries of a call that is still refused: a change may take a minute to be seen everywhere.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""
_FRESH = "evaluated on fresh policies"


def verify(  # noqa: PLR0913 - clock, randomness and waiting come in
    request: Request | None,
    reader: Session | Sequence[Session],
    *,
    caller: Session | None = None,
    wait: Callable[[float], None],
    clock: Callable[[], datetime] | None = None,
    jitter: Callable[[], float] = lambda: 1.0,
    pauses: Sequence[float] = ATTEMPTS,
) -> Verification:
    """Verify one call. `reader` may be several, one for each account concerned; `caller` is a session of the denied caller, if any.

    A change needs some time to reach every place: a refusal is believed only after the last of `pauses`, none for a change that is old.
    """
    if request is None:
        return Verification(verified="not_checked", how="the change does not say which call it is for")
    found = _once(request, reader, caller, clock)
    for pause in pauses:
        if found.verified != "denied":
            break
        wait(pause * (0.5 + jitter() / 2))
        found = _once(request, reader, caller, clock)
    return found


def _once(
    request: Request, reader: Session | Sequence[Session], caller: Session | None, clock: Callable[[], datetime] | None
) -> Verification:
    if caller is None:
        return evaluated(request, reader, why="; not repeated: there are no credentials of the caller", clock=clock)
    repeated = repeat.repeat(caller, request)
    if repeated.outcome == "not_repeated":
        return evaluated(request, reader, why=f"; not repeated: {repeated.why}", clock=clock)
    return Verification(
        verified=repeated.outcome,
        how=f"repeated as {repeated.call}" + (f": {repeated.text}" if repeated.text else ""),
        by="a dry run" if repeated.dry else "the call itself",
        cause=_cause_of_text(repeated.text or "", request) if repeated.outcome == "denied" else None,
    )


def _cause_of_text(text: str, request: Request) -> str | None:
    """Give the cause that AWS's refusal states, `None` where it states none."""
    seen = Denial(message=text, text=text, principal=request.principal, action=request.action, resource=request.resource)
    told = diagnose.diagnose(Case(denial=seen, requests=(), verdicts=(), evidence=unread(request)))
    return told.cause.code if told.cause.certainty in ("stated", "proven") else None


def evaluated(
    request: Request,
    reader: Session | Sequence[Session],
    *,
    why: str = "",
    clock: Callable[[], datetime] | None = None,
) -> Verification:
    """Decide the call and those behind it on policies read now; where that leaves it open, ask AWS's simulator, if it can know."""
    readers = reader if isinstance(reader, (tuple, list)) else (reader,)
    now = clock() if clock is not None else datetime.now(UTC)
    evidence = reduce(join, [collect.collect(one, (request,), now=now, clock=clock) for one in readers])
    found = decided(request, evidence, why=why)
    return found if found.verified != "unknown" else _simulated(request, readers, found.needs, why) or found


def decided(request: Request, evidence: Evidence, *, why: str = "") -> Verification:
    """Decide the call and those behind it over evidence."""
    whole = complete(request, evidence)
    expanded = calls.expand(whole, {arn: thing.settings for arn, thing in evidence.resources.items()})
    verdicts = tuple(decide.decide(one, evidence, main=whole) for one in expanded)
    needs = tuple(dict.fromkeys(need for verdict in verdicts for need in verdict.needs))
    denied = next(((one, verdict) for one, verdict in zip(expanded, verdicts, strict=True) if one.certain and _denies(verdict)), None)
    told: dict[str, Any] = {"needs": needs, "by": "local evaluation"}
    if denied is not None:
        one, verdict = denied
        code, summary = _cause(expanded, verdicts, evidence)
        how = f"{_FRESH}: {one.action} is denied by {', '.join(verdict.blocked_by)}: {summary}{why}"
        return Verification(verified="denied", how=how, cause=code, **told)
    if all(verdict.decision == "allowed" for verdict in verdicts):
        return Verification(verified="allowed", how=f"{_FRESH}{why}", **told)
    return Verification(verified="unknown", how=f"{_FRESH}: allowed unless what was not read says otherwise{why}", **told)


def _cause(requests: tuple[Request, ...], verdicts: tuple[Verdict, ...], evidence: Evidence) -> tuple[str, str]:
    """Give the code and the line of what denies it now: it need not be what denied it before."""
    main = requests[0]
    seen = Denial(principal=main.principal, action=main.action, resource=main.resource)
    found = diagnose.diagnose(Case(denial=seen, requests=requests, verdicts=verdicts, evidence=evidence)).cause
    return found.code, found.summary


def _simulated(request: Request, readers: Sequence[Session], needs: tuple[str, ...], why: str) -> Verification | None:
    """Ask AWS's simulator about what is open; `None` where it cannot know, or does not answer."""
    for reader in readers:
        found = simulate.simulate(reader, request)
        if found.outcome != "not_asked":
            how = f"AWS's simulator says {found.outcome}, where the local decision is open{why}; it knows no endpoint or session policy"
            return Verification(verified=found.outcome, how=how, needs=needs, by="AWS's simulator")
    return None


def _denies(verdict: Verdict) -> bool:
    return verdict.decision in ("implicitly_denied", "explicitly_denied")
