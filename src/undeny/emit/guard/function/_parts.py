"""What both templates say of the function: which events it gets, what its role may do."""

from typing import Any

from undeny.emit.guard.function import FunctionCode

RUNTIME, MINOR = "python3.13", "3.13"
HANDLER = "index.handler"
INDEX = '"""The guard: undeny itself is in the layer."""\n\nfrom undeny.guard.function import handler\n\n__all__ = ["handler"]\n'
SECONDS, MEGABYTES, KEPT_DAYS = 120, 1024, 90
DENIALS: dict[str, Any] = {
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "errorCode": [
            {"prefix": "AccessDenied"},
            {"suffix": "AccessDenied"},
            {"suffix": "UnauthorizedOperation"},
            {"prefix": "Unauthorized"},
            {"prefix": "NotAuthorized"},
            {"prefix": "AuthorizationError"},
            {"prefix": "Forbidden"},
            {"prefix": "AuthFailure"},
            {"prefix": "Internal"},
            {"suffix": "InternalError"},
            {"prefix": "ServiceUnavailable"},
        ],
        "userIdentity": {"invokedBy": [{"exists": False}]},
    },
}
"""Refused calls, and those that failed on AWS's side; not what AWS services call by themselves."""
HEALTH: dict[str, Any] = {
    "source": ["aws.health"],
    "detail-type": ["AWS Health Event"],
    "detail": {"eventTypeCategory": ["issue", "investigation"]},
}
"""https://docs.aws.amazon.com/health/latest/ug/cloudwatch-events-health.html"""
NOTES = (
    "EventBridge gets refused calls only where a trail logs them, and each Region's rules get only that Region's events: deploy it in each",
    "events of AWS Health for services without a Region come to us-east-1: deploy it there as well",
)
"""https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html"""
METRIC = {"Namespace": "undeny", "MetricName": "Remediations", "Statistic": "Sum", "Period": 3600}
SURGE = 3
SURGE_SAYS = "More remediations and rollbacks in an hour than expected: something undoes them (undeny apply counts with UNDENY_METRICS=1)"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def policy(code: FunctionCode, table: Any, topic: Any, log_streams: Any) -> dict[str, Any]:
    """Give what the role may do: its table, its topic, its log; the reads only where they were asked for."""
    statements: list[dict[str, Any]] = [
        {"Sid": "Table", "Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:Query"], "Resource": table},
        {"Sid": "Page", "Effect": "Allow", "Action": "sns:Publish", "Resource": topic},
        {"Sid": "Log", "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": log_streams},
    ]
    if code.asks and not code.reads:
        statements.append({"Sid": "AskHealth", "Effect": "Allow", "Action": "health:DescribeEvents", "Resource": "*"})
    return {"Version": "2012-10-17", "Statement": [*statements, *code.reads]}


def environment(code: FunctionCode, table: Any, topic: Any, principals: Any) -> dict[str, Any]:
    """Give the function's environment."""
    switches = {name: "1" for name, on in (("READ", bool(code.reads)), ("ASK_HEALTH", code.asks)) if on}
    return {"TABLE": table, "TOPIC_ARN": topic, "PRINCIPALS": principals, "UNDENY_READ_ONLY": "1", "UNDENY_HOME": "/tmp/undeny", **switches}  # noqa: S108 - the only folder that Lambda lets a function write to
