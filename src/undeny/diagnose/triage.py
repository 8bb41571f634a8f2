"""Triage: which bucket an observation speaks for and against, and what settles it. The table is data; the causes' signs are its fine print.

A security group or network ACL never makes a 403. An HTTP status with a request id of AWS rules out the network, the lack of both rules
out IAM; a proxy can forge a 403, which then has no request id of AWS.
"""

from collections.abc import Mapping

import msgspec

from undeny.diagnose import facts
from undeny.diagnose.model import Bucket, Case


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table: what is observed, the bucket that it speaks for, those that it rules out, what to look at next."""

    seen: str
    speaks_for: Bucket
    rules_out: tuple[Bucket, ...]
    next: str
    source: str


TABLE = (
    Row(
        seen="HTTP 403 with `is not authorized to perform`",
        speaks_for="permission",
        rules_out=("network", "quota"),
        next="the layer that the sentence names, and whether an allow there fails by its condition",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
    ),
    Row(
        seen="a bare Access Denied of S3",
        speaks_for="permission",
        rules_out=("network", "quota"),
        next="the policies of caller and resource, the key behind it, the endpoint on the way",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
    ),
    Row(
        seen="a timeout, a refused connection or a name that does not resolve, without status and request id",
        speaks_for="network",
        rules_out=("permission", "quota", "credentials", "account"),
        next="whether the name resolves and TCP 443 opens from that very place",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html",
    ),
    Row(
        seen="an HTML page, or a 403 without a request id of AWS",
        speaks_for="network",
        rules_out=("permission",),
        next="the proxy or web gateway on the way",
        source="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html",
    ),
    Row(
        seen="Throttling, TooManyRequests, SlowDown, HTTP 429",
        speaks_for="quota",
        rules_out=("permission", "network"),
        next="retries that back off; the rate in Service Quotas",
        source="https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html",
    ),
    Row(
        seen="LimitExceeded, ServiceQuotaExceeded",
        speaks_for="quota",
        rules_out=("permission", "network"),
        next="the message and the service's model: a count, a rate or a size",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    ),
    Row(
        seen="an expired, unknown or unsigned token, a wrong signature, a clock that is off",
        speaks_for="credentials",
        rules_out=("permission", "network", "quota"),
        next="undeny whoami, in that very place",
        source="https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html",
    ),
    Row(
        seen="a role or policy that is minutes old, `cannot be assumed`",
        speaks_for="propagation",
        rules_out=("network", "quota"),
        next="the same call again for two minutes, then the trust policy",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency",
    ),
    Row(
        seen="OptInRequired, SubscriptionRequired, a sandbox, an API of the management account",
        speaks_for="account",
        rules_out=("permission", "network", "quota"),
        next="the account's Regions, plan and place in the organisation",
        source="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    ),
    Row(
        seen="an error code that speaks of no right",
        speaks_for="call",
        rules_out=("permission", "network"),
        next="the parameters, and the state of the thing",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html",
    ),
    Row(
        seen="HTTP 5xx, an internal error, no capacity",
        speaks_for="service",
        rules_out=("permission", "network"),
        next="AWS Health for that service and Region, then the same call again",
        source="https://docs.aws.amazon.com/general/latest/gr/api-retries.html",
    ),
)
ANSWERED: Mapping[Bucket, str] = {
    "permission": "AWS answered, so it is neither network nor quota",
    "quota": "AWS answered before it asked any policy",
    "credentials": "AWS looked at no policy yet",
    "account": "AWS answered, and no policy of the caller is asked",
    "call": "AWS answered, and no policy is at fault",
    "service": "AWS answered, and it is AWS's own side",
    "propagation": "retry, do not edit",
    "network": "something between answered, not AWS",
}
SILENT: Mapping[Bucket, str] = {
    "permission": "nothing says that AWS answered: a status or request id would rule the network out",
    "network": "no status and no request id, so no policy was asked",
    "credentials": "nothing was asked of AWS yet, or nothing but who calls",
    "propagation": "retry, do not edit",
    "quota": "a limit, not a policy",
    "account": "the account's state, not a policy",
    "call": "the call itself, not a policy",
    "service": "AWS's own side, not a policy",
}


def answered(case: Case) -> bool:
    """Tell whether the text shows that AWS answered: a status, a request id, an error code of an operation, a sentence about a policy."""
    denial = case.denial
    status = denial.http_status is not None and denial.http_status > 0
    return bool(status or denial.request_id or denial.policy_type or denial.kind or (denial.error_code and denial.operation))


def why(case: Case, bucket: Bucket) -> str:
    """Say in half a sentence why it is this bucket and not another; empty where nothing says."""
    traced = bool(case.denial.request_id or case.denial.http_status)
    told = ANSWERED if traced or (bucket != "network" and (answered(case) or facts.judged(case.denial))) else SILENT
    return told.get(bucket, "")


def next_look(case: Case, bucket: Bucket) -> str:
    """Say what settles a bucket: what the line of the table that speaks for it looks at next."""
    lines = [row.next for row in TABLE if row.speaks_for == bucket]
    bare = bucket == "permission" and not facts.judged(case.denial)
    return next(iter(lines[1:] if bare else lines), "")
