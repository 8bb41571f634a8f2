"""There are as many as there may be."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("limit", "quota", "maximum", "toomany", "exceed", "can have up to", "you have reached", "than allowed", "below its minimum")
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
SIGNS = (
    Sign(
        says="a quota is reached: there are as many of these as the account may have",
        errors=(
            "servicequotaexceededexception", "servicequotaexceeded", "quotaexceededexception", "quotaexceeded", "toomanybuckets",
            "vcpulimitexceeded", "instancelimitexceeded", "addresslimitexceeded", "vpclimitexceeded", "resourcelimitexceeded",
            "resourcelimitexceededexception", "volumelimitexceeded", "securitygrouplimitexceeded", "rulespersecuritygrouplimitexceeded",
            "maxspotinstancecountexceeded", "limitexceededfault", "quotaexceededfault", "instancequotaexceeded", "snapshotquotaexceeded",
            "dbinstancequotaexceeded", "storagequotaexceeded", "toomanyentriesexception", "codestorageexceededexception",
            "snapshotlimitexceeded", "natgatewaylimitexceeded", "networkinterfacelimitexceeded", "internetgatewaylimitexceeded",
            "clusterlimitexceeded", "toomanyloadbalancers", "toomanytargetgroups", "toomanyrules", "toomanytags", "limitexceededforuser",
            "keyslimitexceeded", "hostlimitexceeded", "attachmentlimitexceeded", "policyversionlimitexceeded",
        ),
        never=("rate exceeded", "policysize", "policy size"),
        weight=weights.BEFORE_POLICY + 1,
        certainty="stated",
    ),
    Sign(
        says="a quota is reached: there are as many of these as there may be",
        errors=("limitexceeded", "limitexceededexception"),
        never=("rate exceeded", "too many requests", "throttl", "policysize", "policy size", "aclsize", "request rate", "requests per"),
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
            "you have reached your", "limit exceeded", "has been exceeded",
        ),
        never=(
            "rate exceeded", "throttl", "policysize", "policy size", "aclsize", "request rate", "throughput", "timeout", "requests per",
            "token has", "attempts", "bytes", "deadline", "retries",
        ),
        weight=weights.BEFORE_POLICY - 1,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording; the codes that mean either a count or a rate are told apart by the text."""
    return read(case, INFO.code, SIGNS)
