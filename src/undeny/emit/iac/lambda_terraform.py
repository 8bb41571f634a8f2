"""The remediation function with its role, table, permission and surge alarm, as Terraform."""

from collections.abc import Mapping
from typing import Any

from undeny.emit.guard import hcl
from undeny.emit.guard.hcl import Block, Json, Raw, Text
from undeny.emit.iac import _remediation as parts
from undeny.emit.iac import _shape as shape
from undeny.emit.iac import lambda_function
from undeny.fix.model import Fix

NAME = "lambda-terraform"
SUFFIX = "lambda.tf"
SOURCE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function"


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the configuration; the function's code is in it."""
    name = parts.name_of(fix)
    blocks = [
        "\n".join(f"# {line}" for line in shape.heading(fix)),
        *_variables(),
        hcl.block("data", "aws_caller_identity", "current", body={}),
        hcl.block("data", "aws_region", "current", body={}),
        hcl.block("data", "aws_partition", "current", body={}),
        _code(fix, scenario, name),
        *_state(name),
        *_role(fix, scenario, name),
        *_function(fix, name),
        _surge(name),
    ]
    return "\n\n".join(blocks) + "\n"


def _variables() -> list[str]:
    told = {
        "apply": ("1 changes; 0 only tells what it would do", "string", "0"),
        "max_per_hour": ("changes in an hour", "number", parts.LIMIT),
        "alarm_name": ("the alarm that calls it (undeny guard alarm writes one)", "string", None),
        "topic_arn": ("SNS topic that hears of a surge, empty for none", "string", ""),
    }
    return [
        hcl.block("variable", name, body={"description": says, "type": Raw(kind)} | ({} if default is None else {"default": default}))
        for name, (says, kind, default) in told.items()
    ]


def _code(fix: Fix, scenario: Mapping[str, Any], name: str) -> str:
    source = Block("source", {"filename": "index.py", "content": Text(lambda_function.render(fix, scenario))})
    path = Raw(f'"${{path.module}}/{name}.zip"')
    return hcl.block("data", "archive_file", "remediation", body={"type": "zip", "output_path": path}, inner=(source,))


def _state(name: str) -> list[str]:
    keys = (Block("attribute", {"name": "fix", "type": "S"}), Block("attribute", {"name": "slot", "type": "N"}))
    table = {"name": name, "billing_mode": "PAY_PER_REQUEST", "hash_key": "fix", "range_key": "slot"}
    group = {"name": f"/aws/lambda/{name}", "retention_in_days": parts.KEPT_DAYS}
    return [
        hcl.block("resource", "aws_dynamodb_table", "remediation", body=table, inner=keys),
        hcl.block("resource", "aws_cloudwatch_log_group", "remediation", body=group),
    ]


def _role(fix: Fix, scenario: Mapping[str, Any], name: str) -> list[str]:
    working = parts.working(Raw("aws_dynamodb_table.remediation.arn"), Raw('"${aws_cloudwatch_log_group.remediation.arn}:*"'))
    policy = {"Version": "2012-10-17", "Statement": [*parts.changing(fix, scenario), *working]}
    held = {"name": "ThisFixAndNothingElse", "role": Raw("aws_iam_role.remediation.id"), "policy": Json(policy)}
    return [
        hcl.block("resource", "aws_iam_role", "remediation", body={"name": name, "assume_role_policy": Json(parts.TRUST)}),
        hcl.block("resource", "aws_iam_role_policy", "remediation", body=held),
    ]


def _function(fix: Fix, name: str) -> list[str]:
    body: dict[str, Any] = {
        "function_name": name,
        "description": fix.title[:256],
        "runtime": parts.RUNTIME,
        "handler": "index.handler",
        "timeout": 60,
        "role": Raw("aws_iam_role.remediation.arn"),
        "filename": Raw("data.archive_file.remediation.output_path"),
        "source_code_hash": Raw("data.archive_file.remediation.output_base64sha256"),
        "depends_on": [Raw("aws_cloudwatch_log_group.remediation")],
    }
    table = Raw("aws_dynamodb_table.remediation.name")
    variables = {"APPLY": Raw("var.apply"), "MAX_PER_HOUR": Raw("tostring(var.max_per_hour)"), "TABLE": table}
    called = Raw("aws_lambda_function.remediation.function_name")
    alarm = (
        '"arn:${data.aws_partition.current.partition}:cloudwatch:${data.aws_region.current.name}'
        ':${data.aws_caller_identity.current.account_id}:alarm:${var.alarm_name}"'
    )
    permission = {
        "statement_id": "AlarmMayCall",
        "action": "lambda:InvokeFunction",
        "function_name": called,
        "principal": parts.ALARMS,
        "source_account": Raw("data.aws_caller_identity.current.account_id"),
        "source_arn": Raw(alarm),
    }
    return [
        hcl.block("resource", "aws_lambda_function", "remediation", body=body, inner=(Block("environment", {"variables": variables}),)),
        hcl.block(
            "resource",
            "aws_lambda_function_event_invoke_config",
            "remediation",
            body={"function_name": called, "maximum_retry_attempts": 0},
        ),
        hcl.block("resource", "aws_lambda_permission", "alarm", body=permission),
    ]


def _surge(name: str) -> str:
    held = parts.METRIC
    body = {
        "alarm_name": f"{name}-surge",
        "alarm_description": "More remediations and rollbacks in an hour than are allowed: something undoes them",
        "namespace": held["Namespace"],
        "metric_name": held["MetricName"],
        "statistic": held["Statistic"],
        "period": held["Period"],
        "evaluation_periods": 1,
        "threshold": Raw("var.max_per_hour"),
        "comparison_operator": "GreaterThanThreshold",
        "treat_missing_data": "notBreaching",
        "alarm_actions": Raw('var.topic_arn == "" ? [] : [var.topic_arn]'),
    }
    return hcl.block("resource", "aws_cloudwatch_metric_alarm", "surge", body=body)
