"""Service Quotas, which moto has for one service only: the defaults of the quotas that texts speak of, or what a test set.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.lab.model import Asked, Call, Fault

DEFAULTS = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    ("iam", "L-FE177D64"): ("Roles per account", 1000.0),
    ("iam", "L-E95E4862"): ("Customer managed policies per account", 1500.0),
    ("iam", "L-0DA4ABF3"): ("Managed policies per role", 10.0),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5.0),
    ("vpc", "L-F678F1CE"): ("VPCs per Region", 5.0),
    ("lambda", "L-B99A9384"): ("Concurrent executions", 1000.0),
    ("s3", "L-DC2B2D3D"): ("General purpose buckets", 10000.0),
}
applied: dict[tuple[str, str, str], float] = {}
"""Values of an account's own, by account, service code and quota code."""


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the quota that the call names."""
    service, code = call.parameters.get("ServiceCode"), call.parameters.get("QuotaCode")
    arn = f"arn:aws:servicequotas:{call.region}:{call.caller.account}:{service}/{code}" if code else "*"
    return (Asked(action=f"servicequotas:{call.operation}", resource=arn),)


def _entry(account: str, service: str, code: str, value: float) -> dict[str, Any]:
    return {
        "ServiceCode": service,
        "QuotaCode": code,
        "QuotaName": DEFAULTS[(service, code)][0],
        "QuotaArn": f"arn:aws:servicequotas::{account}:{service}/{code}",
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": service in ("iam", "s3"),
    }


def _get(_lab: Any, call: Call) -> Any:
    """Answer with the account's own value only, as AWS does."""
    service, code, account = call.parameters["ServiceCode"], call.parameters["QuotaCode"], str(call.caller.account)
    value = applied.get((account, service, code))
    return _nothing() if value is None else {"Quota": _entry(account, service, code, value)}


def _default(_lab: Any, call: Call) -> Any:
    service, code, account = call.parameters["ServiceCode"], call.parameters["QuotaCode"], str(call.caller.account)
    found = DEFAULTS.get((service, code))
    return _nothing() if found is None else {"Quota": _entry(account, service, code, found[1])}


def _list(_lab: Any, call: Call) -> Any:
    service, account = call.parameters["ServiceCode"], str(call.caller.account)
    codes = [code for of, code in DEFAULTS if of == service]
    values = {code: applied.get((account, service, code), DEFAULTS[(service, code)][1]) for code in codes}
    return {"Quotas": [_entry(account, service, code, value) for code, value in values.items()]}


def _nothing() -> Fault:
    return Fault(code="NoSuchResourceException", status=400, message="The specified resource does not exist.")


ANSWERS = {"GetServiceQuota": _get, "GetAWSDefaultServiceQuota": _default, "ListServiceQuotas": _list}
