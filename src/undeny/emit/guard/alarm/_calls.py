"""The alarm as the API calls that make it: what the script makes, and what the templates say in their own words.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from typing import Any

from undeny.emit.guard.alarm import NAMESPACE, AlarmCode

NAMES = ("AlarmName", "AlarmDescription", "TreatMissingData")


def transformation(code: AlarmCode) -> dict[str, Any]:
    """Give the metric that the filter counts into.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
    """
    return {"metricNamespace": NAMESPACE, "metricName": code.watch.name, "metricValue": "1", "defaultValue": 0, "unit": "Count"}


def alarm(code: AlarmCode) -> dict[str, Any]:
    """Give the parameters of PutMetricAlarm, without its actions.

    An alarm on a band has no threshold, names the band in `ThresholdMetricId`, and lists metric and band.
    """
    made = code.alarm
    shared: dict[str, Any] = {
        "AlarmName": code.watch.name,
        "AlarmDescription": f"{code.watch.title}; undeny guard alarm",
        "EvaluationPeriods": made.periods,
        "DatapointsToAlarm": made.periods,
        "TreatMissingData": "notBreaching",
    }
    metric = {"Namespace": NAMESPACE, "MetricName": code.watch.name}
    if made.kind == "static":
        held = {"Statistic": "Sum", "Period": made.period, "Threshold": made.threshold, "ComparisonOperator": "GreaterThanThreshold"}
        return {**shared, **metric, **held}
    counted = {"Id": "m1", "MetricStat": {"Metric": metric, "Period": made.period, "Stat": "Sum"}, "ReturnData": True}
    band = {"Id": "ad1", "Expression": f"ANOMALY_DETECTION_BAND(m1, {made.deviations})", "Label": "expected", "ReturnData": True}
    return {**shared, "ComparisonOperator": "GreaterThanUpperThreshold", "ThresholdMetricId": "ad1", "Metrics": [counted, band]}


def writers(arn: Any, rule_arn: Any) -> dict[str, Any]:
    """Give the policy by which the rule, and no other, may write to its log group; streams are made without a source that could be named.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    """
    writers = {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "MakesStreams", "Effect": "Allow", "Principal": writers, "Action": "logs:CreateLogStream", "Resource": arn},
            {
                "Sid": "WritesEvents",
                "Effect": "Allow",
                "Principal": writers,
                "Action": "logs:PutLogEvents",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
            },
        ],
    }
