"""Where and when a call failed, and which of AWS's own events bear on it."""

from undeny import catalog, dropins, evidence
from undeny.calls.model import Request
from undeny.denial.model import Denial
from undeny.diagnose import facts, weights
from undeny.diagnose.model import Case, Cause
from undeny.evidence import health
from undeny.evidence.health import HealthEvent

DISTURBED = ("service-fault", "service-event", "capacity", "throttled", "network-unreachable")
"""Causes that AWS Health can confirm or rule out."""


def bare(seen: Denial, requests: tuple[Request, ...] = ()) -> Case:
    """Give the case of which nothing is known but the denial."""
    main = requests[0] if requests else Request(principal=seen.principal, action="")
    return Case(denial=seen, requests=requests, verdicts=(), evidence=evidence.unread(main))


def may_be_aws(case: Case) -> bool:
    """Whether the text shows that the service itself may be at fault, so that AWS Health is worth asking."""
    causes = "undeny.diagnose.causes"
    found = (dropins.load(causes, code.replace("-", "_")).look(case) for code in DISTURBED)
    return any(cause.weight >= weights.ASKED_NOBODY for one in found for cause in ([one] if isinstance(one, Cause) else one or ()))


def prefix_of(case: Case) -> str | None:
    """Give the prefix of the service that was called, `None` where nothing says it."""
    denial, main = case.denial, facts.main(case)
    source = (denial.event_source or denial.service or "").partition(".")[0].lower()
    if source:
        return next(iter(catalog.prefixes_for(source)), source)
    action = denial.action or (main.action if main else "")
    return action.partition(":")[0].lower() or None


def region_of(case: Case) -> str | None:
    """Give the Region that was called, `None` where nothing says it."""
    main = facts.main(case)
    told = next((value for key, value in main.context.items() if key.lower() == "aws:requestedregion"), None) if main else None
    return case.denial.region or (told if isinstance(told, str) else None) or case.evidence.region


def of_case(case: Case) -> tuple[HealthEvent, ...]:
    """Give the events that bear on the call, as far as AWS Health was asked."""
    prefix = prefix_of(case)
    if prefix is None or not case.evidence.health:
        return ()
    at, account = case.denial.event_time or case.evidence.now, case.denial.recipient_account or case.denial.account
    return health.bearing(case.evidence.health, prefix, region_of(case), at, account)
