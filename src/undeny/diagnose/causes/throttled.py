"""Calls come too fast."""

from undeny.diagnose import limits, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = (
    "throttl",
    "rate",
    "limit",
    "too many",
    "toomany",
    "slow",
    "throughput",
    "429",
    "concurren",
    "priorreq",
    "attempt",
    "simultan",
    "operationaborted",
    "requests per",
)
INFO = CauseInfo(
    code="throttled",
    bucket="quota",
    title="calls come too fast",
    text="""The service takes only so many calls a second from this account, and there were more.

Signs: Throttling, ThrottlingException, RequestLimitExceeded, TooManyRequestsException, SlowDown,
ProvisionedThroughputExceededException, HTTP 429, LimitExceededException with "Rate exceeded".

Mends it: retries with growing pauses (adaptive mode of the SDK), fewer or larger calls, caching, a raised rate in Service Quotas.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html",
    example="An error occurred (ThrottlingException) when calling the LookupEvents operation (reached max retries: 4): Rate exceeded",
    related=("quota-count", "service-fault"),
)
SIGNS = (
    Sign(
        says="calls come too fast: the rate of this account is used up",
        errors=(
            "throttling", "throttlingexception", "throttledexception", "throttled", "requestlimitexceeded", "toomanyrequestsexception",
            "toomanyrequests", "slowdown", "provisionedthroughputexceededexception", "provisionedthroughputexceeded", "requestthrottled",
            "requestthrottledexception", "ec2throttledexception", "bandwidthlimitexceeded", "priorrequestnotcomplete",
            "kmsthrottlingexception", "throughputexceededexception", "requestratetoolarge",
            "concurrentinvocationlimitexceeded", "writethrottled", "modelstreamthrottled", "apicallrateforcustomerexceeded",
            "callratelimitexceededexception", "ratelimitexceededexception", "resourceprovisionedthroughputexceededexception",
            "reservedfunctionconcurrentinvocationlimitexceeded", "concurrentrunsexceededexception", "throttleexception",
        ),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
    ),
    Sign(
        says="calls come too fast: the rate of this account is used up",
        words=(
            "rate exceeded", "too many requests", "reduce your request rate", "request rate is too", "throttled", "throttling",
            "slow down", "provisioned throughput", "rate limit", "requests per second", "request limit exceeded", "too many tokens",
        ),
        never=("explicit deny", "is not authorized"),
        weight=weights.BEFORE_POLICY + 1,
        certainty="stated",
    ),
    Sign(
        says="too many were under way at once, or too many attempts made in a while: wait, then try again",
        words=("simultaneously", "attempt limit", "too many failed attempts", "simultaneous"),
        also=("limit",),
        weight=weights.BEFORE_POLICY + 1,
    ),
    Sign(
        says="the same thing was being changed by another call: wait a little and try again",
        errors=("concurrentmodification", "concurrentmodificationexception", "operationaborted", "concurrentupdateexception"),
        weight=weights.BEFORE_POLICY - 1,
    ),
    Sign(says="calls come too fast (HTTP 429)", status=(429,), never=("maximum number",), weight=weights.BEFORE_POLICY + 0.5),
)  # fmt: skip
CODES = ("limitexceededexception", "limitexceeded", "resourcelimitexceededexception")


def look(case: Case) -> Cause | None:
    """By the wording; LimitExceededException is a rate where the text says so, or where the service means one by it."""
    code = (case.denial.error_code or "").lower()
    found = read(case, INFO.code, SIGNS)
    if found is None and code in CODES and limits.is_rate(case.denial):
        says = "calls come too fast: this service means a rate by this error code"
        return Cause(code=INFO.code, certainty="likely", summary=says, weight=weights.BEFORE_POLICY + 1)
    return None if found is not None and found.certainty != "stated" and limits.told(case.denial) == "count" else found
