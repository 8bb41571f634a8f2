"""AWS has an open event there."""

from undeny.diagnose import facts, happening, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.evidence import health
from undeny.evidence.health import HealthEvent

INFO = CauseInfo(
    code="service-event",
    bucket="service",
    title="AWS has an open event there",
    text="""The service has a known disturbance in that Region.

Signs: faults or timeouts of one service in one Region from many places at once; an open event in AWS Health or on the health dashboard.

Mends it: waiting, another Region; AWS Health tells when it is over.

Does not: any change of yours.""",
    source="https://docs.aws.amazon.com/health/latest/ug/what-is-aws-health.html",
    example="AWS_S3_OPERATIONAL_ISSUE: increased error rates for requests in us-east-1",
    related=("service-fault", "throttled"),
)
SIGNS = (
    Sign(
        says="AWS has an open event there, the text says",
        words=("operational_issue", "operational issue", "increased error rates", "increased api error"),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
    ),
    Sign(
        says="AWS may have an open event there: the text speaks of one",
        words=("health event", "service event", "service disruption", "health dashboard"),
        never=("not authorized", "access denied", "accessdenied"),
        weight=weights.WORDING + 3,
    ),
    Sign(
        says="AWS may have an open event there: look at AWS Health for that Region",
        errors=("internalerror", "internalfailure", "serviceunavailable", "internalservererror", "serviceunavailableexception"),
        never=("client.internalerror", "accessdenied", "access denied", "not authorized"),
        weight=weights.BEFORE_POLICY - 5,
    ),
    Sign(
        says="AWS may have an open event there: look at AWS Health for that Region",
        status=(500, 502, 503, 504),
        weight=weights.BEFORE_POLICY - 5,
    ),
)


FAILED = (
    Sign(
        says="",
        errors=(
            "internalerror", "internalfailure", "serviceunavailable", "internalservererror", "serviceunavailableexception",
            "internalserverexception", "internalservererrorexception", "internalserviceexception", "unavailable",
            "throttling", "throttlingexception", "slowdown", "toomanyrequestsexception", "requestlimitexceeded", "requesttimeout",
            "requesttimeoutexception", "kmsinternalexception", "internalexception", "servicefailure",
        ),
    ),
    Sign(says="", status=(429, 500, 502, 503, 504)),
    Sign(says="", words=("timed out", "timeout", "internal error", "service unavailable", "rate exceeded", "temporarily unavailable")),
)  # fmt: skip
"""How a call fails whose service is disturbed: on AWS's side, too slowly, or with fewer calls taken than usual."""


def look(case: Case) -> Cause | None:
    """By AWS Health, where it was asked; by the wording where it was not."""
    if case.evidence.health is None:
        return read(case, INFO.code, SIGNS)
    found = happening.of_case(case)
    if not found:
        return None
    return _told(found[0], failed=read(case, INFO.code, FAILED) is not None and not facts.judged(case.denial))


def _told(event: HealthEvent, *, failed: bool) -> Cause:
    """Give the cause; a call that AWS judged was refused for another reason, which the event may have brought about."""
    because = (f"AWS Health has {health.says(event)}", *((" ".join(event.description.split())[:300],) if event.description else ()))
    where = "" if event.region == "global" else f" in {event.region}"
    state = "has an open" if event.end is None else "had an"
    return Cause(
        code=INFO.code,
        certainty="stated" if failed else "likely",
        summary=f"AWS {state} event of {event.service}{where}: {event.code}",
        because=because,
        weight=weights.BEFORE_POLICY + 2.6 if failed else weights.WORDING - 1,
        facts={"event": event.arn, "status": event.status},
    )
