"""Calls come too fast."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("throttl", "rate", "limit", "too many", "toomany", "slow", "throughput", "429", "concurren", "priorreq", "requests per")
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
            "kmsthrottlingexception", "throughputexceededexception", "requestratetoolarge", "concurrentmodification",
            "concurrentinvocationlimitexceeded", "writethrottled", "modelstreamthrottled",
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
    Sign(says="calls come too fast (HTTP 429)", status=(429,), weight=weights.BEFORE_POLICY + 1, certainty="stated"),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording; LimitExceededException is a rate only where the text says so."""
    return read(case, INFO.code, SIGNS)
