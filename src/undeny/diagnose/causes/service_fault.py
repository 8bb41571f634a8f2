"""The service failed."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="service-fault",
    bucket="service",
    title="the service failed",
    text="""AWS answered with a 5xx: a fault on its side, mostly for a moment.

Signs: InternalError, InternalFailure, InternalServerError, ServiceUnavailable, HTTP 500 to 504. EC2's Client.InternalError is another
thing: mostly a KMS key that the launch may not use.

Mends it: trying again with growing pauses; if it stays, a case with the request id.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/general/latest/gr/api-retries.html",
    example="An error occurred (InternalError) when calling the PutObject operation (reached max retries: 4): We encountered an internal "
    "error. Please try again.",
    related=("service-event", "throttled", "capacity"),
)
SIGNS = (
    Sign(
        says="the service failed on AWS's side: try again, then open a case with the request id",
        errors=(
            "internalerror", "internalfailure", "internalservererror", "internalserverexception", "internalservererrorexception",
            "internalserviceexception", "internalserviceerror", "serviceunavailable", "serviceunavailableexception", "serviceexception",
            "kmsinternalexception", "internalexception", "serverexception", "internalserviceerrorexception", "unavailable",
            "dependencytimeoutexception", "internalservicefault", "servicefailure",
            "modelnotreadyexception", "modelerrorexception", "serverinternal",
        ),
        never=("client.internalerror", "accessdenied", "access denied", "not authorized", "kms key"),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
    Sign(
        says="the service failed on AWS's side: try again, then open a case with the request id",
        words=(
            "we encountered an internal error", "internal server error", "bad gateway", "gateway timeout", "service unavailable",
            "internal failure", "an internal error occurred", "unknown internal error", "status code: 500", "status code: 502",
            "status code: 503", "status code: 504", "statuscode: 500", "statuscode: 502", "statuscode: 503", "statuscode: 504",
            "temporarily unavailable",
        ),
        never=("accessdenied", "access denied", "slowdown", "slow down", "client.internalerror"),
        weight=weights.BEFORE_POLICY - 1,
        certainty="stated",
    ),
    Sign(
        says="the request took too long to arrive, or to be answered: try again",
        errors=("requesttimeoutexception", "requesttimeout"),
        weight=weights.BEFORE_POLICY - 2,
    ),
    Sign(
        says="the service failed on AWS's side, by its error code: try again, then open a case with the request id",
        endings=("internalerrorexception", "internalserverexception", "internalfailure", "internalerrorfault", "servererrorexception"),
        never=("accessdenied", "access denied", "not authorized"),
        weight=weights.BEFORE_POLICY - 1,
    ),
    Sign(
        says="the service failed on AWS's side: try again, then open a case with the request id",
        status=(500, 502, 503, 504),
        never=(
            "slowdown", "slow down", "accessdenied", "access denied", "not authorized", "limit", "quota", "throttl", "invalid", "proxy",
            "too many", "reduce your request", "capacity",
        ),
        weight=weights.BEFORE_POLICY - 1,
        certainty="stated",
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording or the status."""
    return read(case, INFO.code, SIGNS)
