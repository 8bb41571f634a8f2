"""Whether the denied call is allowed now: repeated where that changes nothing, else decided on policies read afresh."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import reduce

from undeny import calls, decide
from undeny.aws import collect, repeat
from undeny.aws.session import Session
from undeny.calls.model import Request
from undeny.change.model import Verification
from undeny.decide.model import Verdict
from undeny.evidence import complete
from undeny.evidence.joined import join

ATTEMPTS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries of a call that is still refused."""
_FRESH = "evaluated on fresh policies"


def verify(
    request: Request | None,
    reader: Session | Sequence[Session],
    *,
    caller: Session | None = None,
    wait: Callable[[float], None],
    clock: Callable[[], datetime] | None = None,
) -> Verification:
    """Verify one call. `reader` may be several, one for each account concerned; `caller` is a session of the denied caller, if any.

    A change needs some time to reach every place: a refusal is believed only after the last try.
    """
    if request is None:
        return Verification(verified="not_checked", how="the change does not say which call it is for")
    if caller is not None:
        repeated = repeat.repeat(caller, request)
        for pause in ATTEMPTS:
            if repeated.outcome != "denied":
                break
            wait(pause)
            repeated = repeat.repeat(caller, request)
        if repeated.outcome != "not_repeated":
            return Verification(
                verified=repeated.outcome, how=f"repeated as {repeated.call}" + (f": {repeated.text}" if repeated.text else "")
            )
        why = f"; not repeated: {repeated.why}"
    else:
        why = "; not repeated: there are no credentials of the caller"
    return evaluated(request, reader, why=why, clock=clock)


def evaluated(
    request: Request,
    reader: Session | Sequence[Session],
    *,
    why: str = "",
    clock: Callable[[], datetime] | None = None,
) -> Verification:
    """Decide the call and those behind it on policies read now."""
    readers = reader if isinstance(reader, (tuple, list)) else (reader,)
    now = clock() if clock is not None else datetime.now(UTC)
    evidence = reduce(join, [collect.collect(one, (request,), now=now, clock=clock) for one in readers])
    whole = complete(request, evidence)
    expanded = calls.expand(whole, {arn: thing.settings for arn, thing in evidence.resources.items()})
    verdicts = [(one, decide.decide(one, evidence, main=whole)) for one in expanded]
    needs = tuple(dict.fromkeys(need for _, verdict in verdicts for need in verdict.needs))
    denied = next(((one, verdict) for one, verdict in verdicts if one.certain and _denies(verdict)), None)
    if denied is not None:
        one, verdict = denied
        return Verification(verified="denied", how=f"{_FRESH}: {one.action} is denied by {', '.join(verdict.blocked_by)}{why}", needs=needs)
    if all(verdict.decision == "allowed" for _, verdict in verdicts):
        return Verification(verified="allowed", how=f"{_FRESH}{why}", needs=needs)
    return Verification(verified="unknown", how=f"{_FRESH}: allowed unless what was not read says otherwise{why}", needs=needs)


def _denies(verdict: Verdict) -> bool:
    return verdict.decision in ("implicitly_denied", "explicitly_denied")
