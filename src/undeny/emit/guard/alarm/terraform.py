"""The alarm as Terraform."""

from typing import Any

from undeny.emit.guard import hcl
from undeny.emit.guard.alarm import KEPT_DAYS, NAMESPACE, AlarmCode
from undeny.emit.guard.alarm import _calls as calls
from undeny.emit.guard.hcl import Block, Json, Raw
from undeny.guard.event_pattern import STATE

NAME = "terraform"
SUFFIX = "tf"
SOURCE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_metric_alarm"


def render(code: AlarmCode) -> str:
    """Write metric filter and alarm, and the rule that brings the calls where no trail does."""
    parts = ["\n".join(f"# {line}" for line in (code.watch.title, *code.says))]
    parts.append(_variable("topic_arn", "SNS topic that is told, empty for none", code.topic or ""))
    parts += _logs(code) if code.via == "logs" else _events(code)
    parts.append(_alarm(code))
    return "\n\n".join(parts) + "\n"


def _variable(name: str, description: str, default: str | None) -> str:
    body: dict[str, Any] = {"description": description, "type": Raw("string")}
    return hcl.block("variable", name, body=body | ({} if default is None else {"default": default}))


def _logs(code: AlarmCode) -> list[str]:
    group = _variable("log_group_name", "log group that the trail writes to", code.log_group)
    return [group, _filter(code, Raw("var.log_group_name"))]


def _filter(code: AlarmCode, group: Raw) -> str:
    held = calls.transformation(code)
    inner = Block(
        "metric_transformation",
        {"name": held["metricName"], "namespace": NAMESPACE, "value": "1", "default_value": "0", "unit": "Count"},
    )
    body = {"name": code.watch.name, "log_group_name": group, "pattern": code.filter_pattern}
    return hcl.block("resource", "aws_cloudwatch_log_metric_filter", "denials", body=body, inner=(inner,))


def _events(code: AlarmCode) -> list[str]:
    rule = {"name": code.watch.name, "description": code.watch.title, "state": STATE, "event_pattern": Json(code.event_pattern)}
    policy = calls.writers(Raw('"${aws_cloudwatch_log_group.denials.arn}:*"'), Raw("aws_cloudwatch_event_rule.denials.arn"))
    return [
        hcl.block("resource", "aws_cloudwatch_log_group", "denials", body={"name": code.events_group, "retention_in_days": KEPT_DAYS}),
        hcl.block("resource", "aws_cloudwatch_event_rule", "denials", body=rule),
        hcl.block(
            "resource",
            "aws_cloudwatch_log_resource_policy",
            "denials",
            body={"policy_name": code.watch.name, "policy_document": Json(policy)},
        ),
        hcl.block(
            "resource",
            "aws_cloudwatch_event_target",
            "denials",
            body={"rule": Raw("aws_cloudwatch_event_rule.denials.name"), "arn": Raw("aws_cloudwatch_log_group.denials.arn")},
        ),
        _filter(code, Raw("aws_cloudwatch_log_group.denials.name")),
    ]


def _alarm(code: AlarmCode) -> str:
    held = calls.alarm(code)
    body: dict[str, Any] = {
        "alarm_name": held["AlarmName"],
        "alarm_description": held["AlarmDescription"],
        "comparison_operator": held["ComparisonOperator"],
        "evaluation_periods": held["EvaluationPeriods"],
        "datapoints_to_alarm": held["DatapointsToAlarm"],
        "treat_missing_data": held["TreatMissingData"],
        "alarm_actions": Raw('var.topic_arn == "" ? [] : [var.topic_arn]'),
    }
    if code.alarm.kind == "static":
        body |= {"namespace": NAMESPACE, "metric_name": held["MetricName"], "statistic": "Sum", "period": held["Period"]}
        return hcl.block("resource", "aws_cloudwatch_metric_alarm", "denials", body=body | {"threshold": held["Threshold"]})
    counted, band = held["Metrics"]
    metric = {
        "namespace": NAMESPACE,
        "metric_name": counted["MetricStat"]["Metric"]["MetricName"],
        "period": code.alarm.period,
        "stat": "Sum",
    }
    inner = (
        Block("metric_query", {"id": "m1", "return_data": True, "metric": Block("metric", metric)}),
        Block("metric_query", {"id": "ad1", "expression": band["Expression"], "label": band["Label"], "return_data": True}),
    )
    return hcl.block("resource", "aws_cloudwatch_metric_alarm", "denials", body=body | {"threshold_metric_id": "ad1"}, inner=inner)
