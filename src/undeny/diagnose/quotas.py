"""Which quota a text speaks of: its name in Service Quotas, whether it can be raised, how its use is counted, what there is to take away.

https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html; IAM's own numbers:
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import msgspec

from undeny.diagnose import facts, happening
from undeny.diagnose.model import Case

GLOBAL = ("iam", "organizations", "s3")
"""Services whose quotas are kept in one Region for the whole account."""


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """A quota by its codes in Service Quotas; `summary` is its key in IAM's account summary (with `Quota` behind it the value).

    `marks` are what a text has in it, in lower case. `code` is `None` for one that nobody can raise. `frees` says what can go.
    """

    marks: tuple[str, ...]
    service: str
    code: str | None
    name: str
    summary: str | None = None
    frees: str = "what is not used"


IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
QUOTAS = (
    Quota(
        marks=("rolesperaccount",),
        service="iam",
        code="L-FE177D64",
        name="Roles per account",
        summary="Roles",
        frees="roles that nobody used: aws iam get-role shows RoleLastUsed",
    ),
    Quota(
        marks=("policiesperaccount",),
        service="iam",
        code="L-E95E4862",
        name="Customer managed policies per account",
        summary="Policies",
        frees="policies attached nowhere: aws iam list-policies --scope Local, AttachmentCount 0",
    ),
    Quota(
        marks=("policiesperrole",),
        service="iam",
        code="L-0DA4ABF3",
        name="Managed policies per role",
        summary="AttachedPoliciesPerRole",
        frees="policies of the role that can be merged into one, or written inline",
    ),
    Quota(
        marks=("policiesperuser",),
        service="iam",
        code="L-4019AD8B",
        name="Managed policies per user",
        summary="AttachedPoliciesPerUser",
        frees="policies of the user that can be merged, or come through a group",
    ),
    Quota(
        marks=("policiespergroup",),
        service="iam",
        code="L-384571C4",
        name="Managed policies per group",
        summary="AttachedPoliciesPerGroup",
        frees="policies of the group that can be merged",
    ),
    Quota(
        marks=("usersperaccount",),
        service="iam",
        code=None,
        name="Users per account",
        summary="Users",
        frees="users whose people come through Identity Center",
    ),
    Quota(marks=("groupsperaccount",), service="iam", code="L-F4A5425F", name="Groups per account", summary="Groups"),
    Quota(marks=("groupsperuser",), service="iam", code=None, name="Groups of a user", summary="GroupsPerUser"),
    Quota(
        marks=("instanceprofilesperaccount",),
        service="iam",
        code="L-6E65F664",
        name="Instance profiles per account",
        summary="InstanceProfiles",
    ),
    Quota(
        marks=("openidconnectprovidersperaccount",),
        service="iam",
        code="L-858F3967",
        name="OpenId connect providers per account",
        summary="Providers",
        frees="identity providers of clusters that are gone",
    ),
    Quota(
        marks=("servercertificatesperaccount",),
        service="iam",
        code="L-BF35879D",
        name="Server certificates per account",
        summary="ServerCertificates",
        frees="certificates that ACM could hold",
    ),
    Quota(
        marks=("accesskeysperuser",),
        service="iam",
        code=None,
        name="Access keys of a user",
        summary="AccessKeysPerUser",
        frees="the key that was used least lately: aws iam get-access-key-last-used",
    ),
    Quota(
        marks=("can have up to 5 versions", "versionspermanagedpolicy", "versionsperpolicy"),
        service="iam",
        code=None,
        name="Versions of a managed policy",
        summary="VersionsPerPolicy",
        frees="the oldest version that is not the default",
    ),
    Quota(marks=("aclsizeperrole",), service="iam", code="L-C07B4B0D", name="Role trust policy length", summary="AssumeRolePolicySize"),
    Quota(marks=("quota for policysize",), service="iam", code=None, name="Length of a managed policy", summary="PolicySize"),
    Quota(
        marks=("vcpulimitexceeded", "vcpu limit"),
        service="ec2",
        code="L-1216C47A",
        name="Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        frees="instances that are stopped late or too big",
    ),
    Quota(
        marks=("maxspotinstancecountexceeded", "max spot instance count"),
        service="ec2",
        code="L-34B43A08",
        name="All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
    ),
    Quota(
        marks=("addresslimitexceeded", "maximum number of addresses"),
        service="ec2",
        code="L-0263D0A3",
        name="EC2-VPC Elastic IPs",
        frees="addresses without an association: aws ec2 describe-addresses",
    ),
    Quota(marks=("vpclimitexceeded", "maximum number of vpcs"), service="vpc", code="L-F678F1CE", name="VPCs per Region"),
    Quota(
        marks=("internetgatewaylimitexceeded", "maximum number of internet gateways"),
        service="vpc",
        code="L-A4707A72",
        name="Internet gateways per Region",
    ),
    Quota(marks=("natgatewaylimitexceeded",), service="vpc", code="L-FE5A380F", name="NAT gateways per Availability Zone"),
    Quota(
        marks=("rulespersecuritygrouplimitexceeded",),
        service="vpc",
        code="L-0EA8095F",
        name="Inbound or outbound rules per security group",
        frees="rules that prefix lists or group references can stand for",
    ),
    Quota(marks=("securitygrouplimitexceeded",), service="vpc", code="L-E79EC296", name="VPC security groups per Region"),
    Quota(
        marks=("networkinterfacelimitexceeded", "enilimitreachedexception"),
        service="vpc",
        code="L-DF5E4CA3",
        name="Network interfaces per Region",
    ),
    Quota(marks=("toomanybuckets", "more buckets than allowed"), service="s3", code="L-DC2B2D3D", name="General purpose buckets"),
    Quota(
        marks=("codestorageexceeded",),
        service="lambda",
        code="L-2ACBD22F",
        name="Function and layer storage",
        frees="old versions of functions and layers",
    ),
    Quota(
        marks=("reservedconcurrentexecutions", "unreservedconcurrentexecution", "concurrentinvocationlimitexceeded"),
        service="lambda",
        code="L-B99A9384",
        name="Concurrent executions",
    ),
    Quota(marks=("instancequotaexceeded", "maximum number of db instances"), service="rds", code="L-7B6409FD", name="DB instances"),
    Quota(marks=("tables per subscriber",), service="dynamodb", code="L-F98FE922", name="Maximum number of tables"),
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A quota with what was read of it; `value` and `used` are `None` where nobody knows them. `held_by` is what counts, as far as read."""

    quota: Quota
    region: str | None
    value: float | None = None
    used: float | None = None
    adjustable: bool | None = None
    held_by: tuple[str, ...] = ()


def named(case: Case) -> Quota | None:
    """Give the quota that the text speaks of; `None` where it is none of the known ones."""
    text = facts.folded(case.denial)
    return next((one for one in QUOTAS if any(mark in text for mark in one.marks)), None)


def of_case(case: Case) -> Known | None:
    """Give the quota with its value and use, from the text and from what was read of the account."""
    quota = named(case)
    if quota is None:
        return None
    told = _listed(case, quota)
    summary = _account(case).get("SummaryMap") or {}
    value = told.get("Value", summary.get(f"{quota.summary}Quota", _said(case)))
    used = told.get("Usage", summary.get(quota.summary) if quota.summary else None)
    return Known(
        quota=quota,
        region="us-east-1" if quota.service in GLOBAL else happening.region_of(case),
        value=_number(value),
        used=_number(used),
        adjustable=told.get("Adjustable") if told else None,
        held_by=tuple(str(one) for one in told.get("HeldBy") or ()),
    )


def _said(case: Case) -> float | None:
    """Give the number behind the quota's name in the message: `RolesPerAccount: 1000`."""
    words = facts.folded(case.denial).replace(",", "").split()
    found = (word.rstrip(".") for before, word in pairwise(words) if before.endswith(":") and "per" in before)
    return next((float(word) for word in found if word.isdigit()), None)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _account(case: Case) -> Mapping[str, Any]:
    """Give the settings of an account that were read: those that hold quotas."""
    held = (thing.settings for arn, thing in case.evidence.resources.items() if arn.endswith(":root"))
    return next((settings for settings in held if "Quotas" in settings or "SummaryMap" in settings), {})


def _listed(case: Case, quota: Quota) -> Mapping[str, Any]:
    """Give Service Quotas' own entry.

    https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ServiceQuota.html
    """
    listed = _account(case).get("Quotas") or ()
    return next((one for one in listed if one.get("QuotaCode") in (quota.code, None) and one.get("QuotaName") in (quota.name, None)), {})


def count(value: float) -> str:
    """Write a number as people do."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"
