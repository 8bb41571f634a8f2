"""AWS has an open event there."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

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


def look(case: Case) -> Cause | None:
    """By the wording; Health itself is not read."""
    return read(case, INFO.code, SIGNS)
