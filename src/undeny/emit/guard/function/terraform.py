"""The guard function as Terraform."""

from typing import Any

from undeny.emit.guard import hcl
from undeny.emit.guard.function import FunctionCode
from undeny.emit.guard.function import _parts as parts
from undeny.emit.guard.hcl import Block, Json, Raw, Text
from undeny.guard.event_pattern import STATE

NAME = "terraform"
FILE = "guard.tf"
SOURCE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function"


def render(code: FunctionCode) -> str:
    """Write the configuration."""
    blocks = [
        "\n".join(f"# {line}" for line in ("Diagnoses refused calls, and pages where AWS Health has an event there", *parts.NOTES)),
        *_variables(code),
        *_state(code),
        *_role(code),
        *_function(code),
        *_rules(code),
        _surge(code),
    ]
    return "\n\n".join(blocks) + "\n"


def _variables(code: FunctionCode) -> list[str]:
    told: dict[str, tuple[str, Any]] = {
        "topic_arn": ("SNS topic that is paged", code.topic),
        "principals": ("callers that are paged for any refusal, with commas between", ",".join(code.principals)),
        "layer_zip": ("what build-layer.sh makes", "layer.zip"),
    }
    return [
        hcl.block("variable", name, body={"description": says, "type": Raw("string")} | ({} if held is None else {"default": held}))
        for name, (says, held) in told.items()
    ]


def _state(code: FunctionCode) -> list[str]:
    inner = (
        Block("attribute", {"name": "pk", "type": "S"}),
        Block("attribute", {"name": "sk", "type": "S"}),
        Block("ttl", {"attribute_name": "expires", "enabled": True}),
    )
    table = {"name": code.name, "billing_mode": "PAY_PER_REQUEST", "hash_key": "pk", "range_key": "sk"}
    group = {"name": f"/aws/lambda/{code.name}", "retention_in_days": parts.KEPT_DAYS}
    return [
        hcl.block("resource", "aws_dynamodb_table", "guard", body=table, inner=inner),
        hcl.block("resource", "aws_cloudwatch_log_group", "guard", body=group),
    ]


def _role(code: FunctionCode) -> list[str]:
    streams = Raw('"${aws_cloudwatch_log_group.guard.arn}:*"')
    held = parts.policy(code, Raw("aws_dynamodb_table.guard.arn"), Raw("var.topic_arn"), streams)
    policy = {"name": "Guard", "role": Raw("aws_iam_role.guard.id"), "policy": Json(held)}
    return [
        hcl.block("resource", "aws_iam_role", "guard", body={"name": code.name, "assume_role_policy": Json(parts.TRUST)}),
        hcl.block("resource", "aws_iam_role_policy", "guard", body=policy),
    ]


def _function(code: FunctionCode) -> list[str]:
    source = Block("source", {"filename": "index.py", "content": Text(parts.INDEX)})
    archive = {"type": "zip", "output_path": Raw(f'"${{path.module}}/{code.name}.zip"')}
    layer = {
        "layer_name": code.name,
        "filename": Raw("var.layer_zip"),
        "source_code_hash": Raw("filebase64sha256(var.layer_zip)"),
        "compatible_runtimes": [parts.RUNTIME],
    }
    body = {
        "function_name": code.name,
        "runtime": parts.RUNTIME,
        "handler": parts.HANDLER,
        "timeout": parts.SECONDS,
        "memory_size": parts.MEGABYTES,
        "role": Raw("aws_iam_role.guard.arn"),
        "layers": [Raw("aws_lambda_layer_version.guard.arn")],
        "filename": Raw("data.archive_file.guard.output_path"),
        "source_code_hash": Raw("data.archive_file.guard.output_base64sha256"),
        "depends_on": [Raw("aws_cloudwatch_log_group.guard")],
    }
    variables = parts.environment(code, Raw("aws_dynamodb_table.guard.name"), Raw("var.topic_arn"), Raw("var.principals"))
    return [
        hcl.block("data", "archive_file", "guard", body=archive, inner=(source,)),
        hcl.block("resource", "aws_lambda_layer_version", "guard", body=layer),
        hcl.block("resource", "aws_lambda_function", "guard", body=body, inner=(Block("environment", {"variables": variables}),)),
    ]


def _rules(code: FunctionCode) -> list[str]:
    found = []
    for name, pattern, state in (("denials", parts.DENIALS, STATE), ("health", parts.HEALTH, "ENABLED")):
        rule = {"name": f"{code.name}-{name}", "state": state, "event_pattern": Json(pattern)}
        target = {"rule": Raw(f"aws_cloudwatch_event_rule.{name}.name"), "arn": Raw("aws_lambda_function.guard.arn")}
        permission = {
            "statement_id": f"{name}MayCall",
            "action": "lambda:InvokeFunction",
            "function_name": Raw("aws_lambda_function.guard.function_name"),
            "principal": "events.amazonaws.com",
            "source_arn": Raw(f"aws_cloudwatch_event_rule.{name}.arn"),
        }
        found += [
            hcl.block("resource", "aws_cloudwatch_event_rule", name, body=rule),
            hcl.block("resource", "aws_cloudwatch_event_target", name, body=target),
            hcl.block("resource", "aws_lambda_permission", name, body=permission),
        ]
    return found


def _surge(code: FunctionCode) -> str:
    held = parts.METRIC
    body = {
        "alarm_name": f"{code.name}-surge",
        "alarm_description": parts.SURGE_SAYS,
        "namespace": held["Namespace"],
        "metric_name": held["MetricName"],
        "statistic": held["Statistic"],
        "period": held["Period"],
        "evaluation_periods": 1,
        "threshold": parts.SURGE,
        "comparison_operator": "GreaterThanThreshold",
        "treat_missing_data": "notBreaching",
        "alarm_actions": [Raw("var.topic_arn")],
    }
    return hcl.block("resource", "aws_cloudwatch_metric_alarm", "surge", body=body)
