# switch BlockPublicPolicy off on arn:aws:s3:::site, if it is meant to be public

variable "apply" {
  description = "1 changes; 0 only tells what it would do"
  type        = string
  default     = "0"
}

variable "max_per_hour" {
  description = "changes in an hour"
  type        = number
  default     = 3
}

variable "alarm_name" {
  description = "the alarm that calls it (undeny guard alarm writes one)"
  type        = string
}

variable "topic_arn" {
  description = "SNS topic that hears of a surge, empty for none"
  type        = string
  default     = ""
}

data "aws_caller_identity" "current" {
}

data "aws_region" "current" {
}

data "aws_partition" "current" {
}

data "archive_file" "remediation" {
  type        = "zip"
  output_path = "${path.module}/undeny-f-1.zip"

  source {
    filename = "index.py"
    content = <<TEXT
"""switch BlockPublicPolicy off on arn:aws:s3:::site, if it is meant to be public

On an alarm it does this, and nothing else. It only tells what it would do unless APPLY is 1; it refuses where a policy is not what this
fix was made for, and after MAX_PER_HOUR changes in an hour. What it replaces is in the log and in the table first.
"""
import json
import os
import time

import boto3
from botocore.exceptions import ClientError

REGION = 'us-east-1'
FIX = 'f-1'
CHANGES = json.loads(r"""
[]
""")


def current(client, change):
    """Give the document that is there, None for none."""
    try:
        answer = getattr(client, change["read"])(**change["thing"], **change["read_also"])
    except ClientError as error:
        if "NoSuch" in error.response["Error"]["Code"] or "NotFound" in error.response["Error"]["Code"]:
            return None
        raise
    for name in change["answer"].split("."):
        answer = answer.get(name) if answer else None
    if change["answer"] == "Policy.DefaultVersionId":
        version = client.get_policy_version(**change["thing"], VersionId=answer)
        answer = version["PolicyVersion"]["Document"]
    return json.loads(answer) if isinstance(answer, str) else answer


def alarms(event):
    """Give the states of the alarms in an event: CloudWatch's own, EventBridge's, or SNS's around it."""
    records = event.get("Records") or []
    if records:
        return [json.loads(record["Sns"]["Message"]).get("NewStateValue") for record in records]
    held = event.get("alarmData") or event.get("detail") or {}
    return [(held.get("state") or {}).get("value")]


def claim(before):
    """Take one of the changes that an hour has; give False where all are taken. The write is conditional: two at once take two."""
    table = boto3.client("dynamodb", region_name=os.environ.get("AWS_REGION", REGION))
    now = int(time.time())
    for slot in range(int(os.environ.get("MAX_PER_HOUR", "3"))):
        values = {":now": {"N": str(now)}, ":ago": {"N": str(now - 3600)}, ":before": {"S": json.dumps(before)}}
        try:
            table.update_item(
                TableName=os.environ["TABLE"],
                Key={"fix": {"S": FIX}, "slot": {"N": str(slot)}},
                UpdateExpression="SET used_at = :now, what_was_there = :before",
                ConditionExpression="attribute_not_exists(used_at) OR used_at <= :ago",
                ExpressionAttributeValues=values,
            )
            return True
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
    return False


def carry_out(event):
    """Give the outcome, and what there is to say of it."""
    if "ALARM" not in alarms(event):
        return "ignored", {"why": "no alarm went off"}
    clients = {c["client"]: boto3.client(c["client"], region_name=REGION) for c in CHANGES}
    found = [current(clients[c["client"]], c) for c in CHANGES]
    for change, held in zip(CHANGES, found):
        if held not in (change["before"], change["after"]):
            return "refused", {"why": f"{change['says']} is not what this fix was made for", "found": found}
    todo = [c for c, held in zip(CHANGES, found) if held != c["after"]]
    if not todo:
        return "nothing_to_do", {"why": "it is in force already"}
    if os.environ.get("APPLY") != "1":
        return "dry_run", {"would": [[c["says"], c["write"], c["after"]] for c in todo], "found": found}
    if not claim(found):
        return "refused", {"why": "it was changed as often in the last hour as is allowed: somebody undoes it"}
    print(json.dumps({"fix": FIX, "before": found}))
    done = []
    for change in todo:
        parameters, *rest = change["document"].split(".")
        text = json.dumps(change["after"])
        value = {rest[0]: text} if rest else text
        try:
            getattr(clients[change["client"]], change["write"])(**change["thing"], **change["write_also"], **{parameters: value})
        except ClientError as error:
            return "failed", {"why": str(error), "done": done, "found": found}
        done.append(change["says"])
    return "applied", {"done": done, "found": found}


def handler(event, context):
    try:
        outcome, said = carry_out(event or {})
    except ClientError as error:
        outcome, said = "failed", {"why": str(error)}
    metric = {"Namespace": "undeny", "Dimensions": [[], ["Kind", "Outcome"]], "Metrics": [{"Name": "Remediations", "Unit": "Count"}]}
    line = {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metric]}, "Kind": "lambda", "Outcome": outcome}
    print(json.dumps({**line, "Remediations": int(outcome != "ignored"), "fix": FIX, **said}))
    return {"outcome": outcome, **said}
TEXT
  }
}

resource "aws_dynamodb_table" "remediation" {
  name         = "undeny-f-1"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "fix"
  range_key    = "slot"

  attribute {
    name = "fix"
    type = "S"
  }

  attribute {
    name = "slot"
    type = "N"
  }
}

resource "aws_cloudwatch_log_group" "remediation" {
  name              = "/aws/lambda/undeny-f-1"
  retention_in_days = 90
}

resource "aws_iam_role" "remediation" {
  name = "undeny-f-1"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "lambda.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "remediation" {
  name = "ThisFixAndNothingElse"
  role = aws_iam_role.remediation.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid = "Limit"
        Effect = "Allow"
        Action = "dynamodb:UpdateItem"
        Resource = aws_dynamodb_table.remediation.arn
      },
      {
        Sid = "Log"
        Effect = "Allow"
        Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.remediation.arn}:*"
      },
    ]
  })
}

resource "aws_lambda_function" "remediation" {
  function_name    = "undeny-f-1"
  description      = "switch BlockPublicPolicy off on arn:aws:s3:::site, if it is meant to be public"
  runtime          = "python3.13"
  handler          = "index.handler"
  timeout          = 60
  role             = aws_iam_role.remediation.arn
  filename         = data.archive_file.remediation.output_path
  source_code_hash = data.archive_file.remediation.output_base64sha256
  depends_on       = [aws_cloudwatch_log_group.remediation]

  environment {
    variables = {
      APPLY = var.apply
      MAX_PER_HOUR = tostring(var.max_per_hour)
      TABLE = aws_dynamodb_table.remediation.name
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "remediation" {
  function_name          = aws_lambda_function.remediation.function_name
  maximum_retry_attempts = 0
}

resource "aws_lambda_permission" "alarm" {
  statement_id   = "AlarmMayCall"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.remediation.function_name
  principal      = "lambda.alarms.cloudwatch.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
  source_arn     = "arn:${data.aws_partition.current.partition}:cloudwatch:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:alarm:${var.alarm_name}"
}

resource "aws_cloudwatch_metric_alarm" "surge" {
  alarm_name          = "undeny-f-1-surge"
  alarm_description   = "More remediations and rollbacks in an hour than are allowed: something undoes them"
  namespace           = "undeny"
  metric_name         = "Remediations"
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 1
  threshold           = var.max_per_hour
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arn == "" ? [] : [var.topic_arn]
}
