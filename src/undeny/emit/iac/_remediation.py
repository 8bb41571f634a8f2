"""What the remediation function needs around it: a role that may make this one change, a table for its limit, a surge alarm."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from undeny.emit.iac import _shape as shape
from undeny.emit.iac._shape import Shape
from undeny.emit.iac.boto3_script import OPERATIONS
from undeny.fix.model import Fix
from undeny.iam.principal import Principal

RUNTIME = "python3.13"
ALARMS = "lambda.alarms.cloudwatch.amazonaws.com"
"""Who calls the function: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html"""
LIMIT = 3
"""Changes in an hour, where nobody says otherwise."""
KEPT_DAYS = 90
"""How long the log is kept: as long as AWS finds a request."""
METRIC = {"Namespace": "undeny", "MetricName": "Remediations", "Statistic": "Sum", "Period": 3600}
"""What the surge alarm watches: every remediation and rollback, whoever made it (`undeny apply` with UNDENY_METRICS too)."""


def name_of(fix: Fix) -> str:
    """Give the name of the function and what is around it."""
    return f"undeny-{re.sub(r'[^A-Za-z0-9-]+', '-', fix.id or 'fix').strip('-')[:40]}"


def changing(fix: Fix, scenario: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the statements by which the role may read and write what the fix changes, and nothing else."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in shape.shapes(fix, scenario):
        if one.kind in OPERATIONS and one.edit.after is not None:
            found.setdefault(tuple(_actions(one)), []).append(_resource(one))
    return [
        {"Sid": f"Change{number}", "Effect": "Allow", "Action": list(actions), "Resource": list(dict.fromkeys(resources))}
        for number, (actions, resources) in enumerate(found.items(), 1)
    ]


def working(table: Any, log_streams: Any) -> list[dict[str, Any]]:
    """Give the statements by which the function keeps its limit and writes its log."""
    return [
        {"Sid": "Limit", "Effect": "Allow", "Action": "dynamodb:UpdateItem", "Resource": table},
        {"Sid": "Log", "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": log_streams},
    ]


TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def _actions(one: Shape) -> Iterator[str]:
    client, read, written, *_ = OPERATIONS[one.kind]
    operations = (read, "get_policy_version", written) if one.kind == "managed" else (read, written)
    for operation in operations:
        yield f"{client}:{''.join(part.capitalize() for part in operation.split('_'))}"


def _resource(one: Shape) -> str:
    """Give the ARN of what is changed: IAM checks a role's policies on the role."""
    if one.kind == "group_inline":
        return f"arn:aws:iam::{one.account}:group/{one.name}"
    if one.kind == "organization":
        kind = "service_control_policy" if one.edit.layer == "scp" else "resource_control_policy"
        return f"arn:aws:organizations::*:policy/o-*/{kind}/{one.policy}"
    if one.kind == "managed":
        return one.arn
    who = Principal.parse(one.edit.target)
    return who.role_arn or one.edit.target
