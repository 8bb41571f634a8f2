"""There are as many as there may be."""

import msgspec

from undeny.diagnose import limits, quotas, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = (
    "limit",
    "quota",
    "maximum",
    "toomany",
    "exceed",
    "can have up to",
    "you have reached",
    "than allowed",
    "below its minimum",
    "more than",
    "addresses",
    "number of",
)
INFO = CauseInfo(
    code="quota-count",
    bucket="quota",
    title="a quota on the number of things is reached",
    text="""The account has as many of these as its quota allows: roles, policies on a role, versions of a policy, vCPUs, addresses,
buckets. Some quotas are raised on request, some are fixed (five versions of a managed policy, two access keys of a user).

Signs: LimitExceeded with "Cannot exceed quota for RolesPerAccount: 1000", ServiceQuotaExceededException, VcpuLimitExceeded,
TooManyBuckets. The same code LimitExceededException means a rate where the text says "Rate exceeded".

Mends it: removing what is not used, or a request in Service Quotas.

Does not: any policy; trying again.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    example="An error occurred (LimitExceeded) when calling the CreateRole operation: Cannot exceed quota for RolesPerAccount: 1000",
    related=("throttled", "policy-size-limit", "capacity"),
)
GLUED = (
    "limitexceeded", "limitexceededexception", "limitexceededfault", "limitsexceeded", "limitsexceededexception", "limitreachedexception",
    "quotaexceeded", "quotaexceededexception", "quotaexceededfault", "limitreached",
)  # fmt: skip
"""How error codes end that speak of a limit; most of the services' own codes are of this kind."""
OF_RATES = (
    "requestlimitexceeded", "requestlimitexceededexception", "ratelimitexceeded", "bandwidthlimitexceeded", "throughputlimitexceeded",
    "concurrentinvocationlimitexceeded", "timelimitexceededexception", "memorylimitexceededexception", "callratelimitexceeded",
)  # fmt: skip
"""Codes of that kind which speak of something else than how many there are."""
OF_SIZES = (
    "policysize",
    "policy size",
    "aclsize",
    "policylength",
    "packedpolicy",
    "policy length",
    "sizelimit",
    "size limit",
    "final policy",
)
AMBIGUOUS = ("limitexceeded", "limitexceededexception", "resourcelimitexceededexception")
"""Codes that some services mean as a rate: `limits` tells."""
SIGNS = (
    Sign(
        says="a quota is reached: there are as many of these as the account may have",
        errors=(
            "servicequotaexceededexception", "servicequotaexceeded", "quotaexceededexception", "toomanybuckets", "vcpulimitexceeded",
            "maxspotinstancecountexceeded", "toomanyentriesexception", "codestorageexceededexception", "toomanyloadbalancers",
            "toomanytargetgroups", "toomanyrules", "toomanytags", "toomanybucketsexception", "toomanylisteners", "toomanydistributions",
            "toomanyhostedzones", "toomanycertificates", "toomanytagsexception", "toomanypolicies", "toomanyapplicationsexception",
            "maximumnumberoftrailsexceededexception", "insufficientfreeaddressesinsubnet",
        ),
        never=("rate exceeded", *OF_SIZES),
        weight=weights.BEFORE_POLICY + 1,
        certainty="stated",
    ),
    Sign(
        says="a limit is reached, by its error code: there are as many of these as there may be",
        endings=GLUED,
        never=("rate exceeded", "too many requests", "throttl", "request rate", "requests per", *OF_RATES, *OF_SIZES),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
    Sign(
        says="a quota is reached, the text says",
        words=(
            "cannot exceed quota", "maximum number of", "limit_exceeded", "more buckets than allowed", "below its minimum value",
            "exceeded the allowed", "limit has been reached", "quota has been reached", "reached the limit", "exceeded your quota",
            "exceeded the maximum number", "can have up to", "exceeds the maximum number", "limit of", "exceeded the limit",
            "quota exceeded", "maximum limit", "reached the maximum", "service limit", "exceeded quota", "quota limit",
            "you have reached your", "limit exceeded", "has been exceeded", "cannot have more than", "can't have more than",
            "more than the allowed", "number of allowed", "allowed number of", "count exceeded", "no available ip addresses",
            "not enough free addresses", "exceed the maximum", "exceed the limit", "exceed the quota",
        ),
        never=(
            "rate exceeded", "throttl", "request rate", "throughput", "timeout", "requests per", "token has", "attempts", "bytes",
            "deadline", "retries", "attempt limit", *OF_RATES, *OF_SIZES,
        ),
        weight=weights.BEFORE_POLICY - 1,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording; a code that some services mean as a rate is stated only where the message itself speaks of a count."""
    found = read(case, INFO.code, SIGNS)
    if found is None or limits.is_rate(case.denial):
        return None
    code = (case.denial.error_code or "").lower()
    if found.certainty == "stated" and code in AMBIGUOUS and limits.told(case.denial) is None:
        found = msgspec.structs.replace(found, certainty="likely")
    known = quotas.of_case(case)
    return found if known is None else _with(found, known)


def _with(found: Cause, known: quotas.Known) -> Cause:
    """Name the quota, its value and its use, as far as they are known."""
    quota, more = known.quota, ""
    where = f" in {known.region}" if known.region and quota.service not in quotas.GLOBAL else ""
    if known.value is not None:
        more = f": {quotas.count(known.value)}"
    if known.used is not None and known.value is not None:
        more = f": {quotas.count(known.used)} of {quotas.count(known.value)} used"
    raised = "" if quota.code and known.adjustable is not False else "; AWS does not raise it"
    told = {"ServiceCode": quota.service, "QuotaCode": quota.code, "QuotaName": quota.name, "Value": known.value, "Usage": known.used}
    return msgspec.structs.replace(
        found,
        summary=f"the quota {quota.name} is reached{where}{more}{raised}",
        wanted=(quotas.count(known.value),) if known.value is not None else (),
        got=(quotas.count(known.used),) if known.used is not None else None,
        facts={key: value for key, value in told.items() if value is not None},
    )
