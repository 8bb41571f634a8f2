"""Quotas: the value, the use and what holds it, read where a call failed on one; each read that is refused is a gap.

https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from undeny.aws.reader import Reader
from undeny.aws.session import Session
from undeny.diagnose import quotas
from undeny.diagnose.model import Case
from undeny.diagnose.quotas import Quota
from undeny.evidence.model import Evidence, Gap, Resource

_API = "https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_"
PERMISSIONS = {
    "servicequotas:GetServiceQuota": ("the value of the quota that a call failed on", f"{_API}GetServiceQuota.html"),
    "servicequotas:GetAWSDefaultServiceQuota": (
        "its default, where the account has no value of its own",
        f"{_API}GetAWSDefaultServiceQuota.html",
    ),
    "iam:GetAccountSummary": (
        "IAM's own quotas and how much of them is used",
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html",
    ),
    "cloudwatch:GetMetricStatistics": (
        "how much of a quota is used, where AWS measures it",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html",
    ),
    "ec2:DescribeAddresses": (
        "which Elastic IP addresses are used by nothing",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html",
    ),
}
_NONE = ("NoSuchResourceException",)
HOUR = timedelta(hours=1)


def completed(sessions: Sequence[Session], known: Evidence, case: Case) -> Evidence:
    """Add to the evidence what the account has of the quota that the text speaks of: its value, its use, what holds it."""
    quota = quotas.named(case)
    if quota is None or not sessions:
        return known
    region = quotas.of_case(case)
    reader = Reader(sessions[0])
    settings = _read(reader, quota, (region.region if region else None) or reader.region)
    root = reader.account_arn
    held = known.resources.get(root) or Resource(arn=root, policy=None)
    thing = msgspec.structs.replace(held, settings={**held.settings, **settings})
    return msgspec.structs.replace(known, resources={**known.resources, root: thing}, gaps=(*known.gaps, *reader.gaps))


def _read(reader: Reader, quota: Quota, region: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    entry = _entry(reader, quota, region) if quota.code else None
    if entry is not None:
        usage = _usage(reader, entry, region)
        held = _held_by(reader, quota, region)
        found["Quotas"] = [entry | ({"Usage": usage} if usage is not None else {}) | ({"HeldBy": held, "Usage": len(held)} if held else {})]
    if quota.summary:
        answer = reader.call("iam", "get_account_summary", action="iam:GetAccountSummary", what="IAM's account summary")
        if isinstance(answer, dict):
            found["SummaryMap"] = dict(answer.get("SummaryMap") or {})
    return found


def _entry(reader: Reader, quota: Quota, region: str) -> dict[str, Any] | None:
    """Give the account's own value, or AWS's default where it has none of its own."""
    for operation, action in (("get_service_quota", "GetServiceQuota"), ("get_aws_default_service_quota", "GetAWSDefaultServiceQuota")):
        answer = reader.call(
            "service-quotas",
            operation,
            action=f"servicequotas:{action}",
            what=f"the quota {quota.name}",
            none=_NONE,
            region=region,
            ServiceCode=quota.service,
            QuotaCode=quota.code,
        )
        if isinstance(answer, dict):
            kept = ("ServiceCode", "QuotaCode", "QuotaName", "Value", "Unit", "Adjustable", "GlobalQuota", "UsageMetric")
            return {key: answer["Quota"][key] for key in kept if key in answer.get("Quota", {})}
        if isinstance(answer, Gap):
            return None
    return None


def _usage(reader: Reader, entry: dict[str, Any], region: str) -> float | None:
    """Read how much is used, where AWS measures that: the most of the last hour.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html
    """
    metric = entry.get("UsageMetric") or {}
    if not metric.get("MetricName"):
        return None
    now = reader.clock()
    answer = reader.call(
        "cloudwatch",
        "get_metric_statistics",
        action="cloudwatch:GetMetricStatistics",
        what=f"how much of {entry.get('QuotaName')} is used",
        region=region,
        Namespace=metric.get("MetricNamespace", "AWS/Usage"),
        MetricName=metric["MetricName"],
        Dimensions=[{"Name": name, "Value": value} for name, value in (metric.get("MetricDimensions") or {}).items()],
        StartTime=now - HOUR,
        EndTime=now,
        Period=300,
        Statistics=[metric.get("MetricStatisticRecommendation", "Maximum")],
    )
    points = answer.get("Datapoints", ()) if isinstance(answer, dict) else ()
    return max((value for point in points for value in point.values() if isinstance(value, float)), default=None)


def _held_by(reader: Reader, quota: Quota, region: str) -> list[str]:
    """List the addresses of a Region, those first that nothing uses."""
    if quota.code != "L-0263D0A3":
        return []
    answer = reader.call(
        "ec2", "describe_addresses", action="ec2:DescribeAddresses", what=f"Elastic IP addresses in {region}", region=region
    )
    listed = answer.get("Addresses", ()) if isinstance(answer, dict) else ()
    told = [(one.get("AssociationId") is None, str(one.get("AllocationId") or one.get("PublicIp"))) for one in listed]
    return [f"{name}{' (used by nothing)' if free else ''}" for free, name in sorted(told, key=lambda pair: (not pair[0], pair[1]))]
