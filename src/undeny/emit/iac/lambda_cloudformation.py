"""The remediation function with its role, table, permission and surge alarm, as a CloudFormation template."""

from collections.abc import Mapping
from typing import Any

from undeny.emit.iac import _remediation as parts
from undeny.emit.iac import lambda_function
from undeny.fix.model import Fix
from undeny.iam import write

NAME = "lambda-cloudformation"
SUFFIX = "lambda.template.json"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html"


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the template; the function's code is in it."""
    name = parts.name_of(fix)
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"On an alarm: {fix.title}"[:1024],
        "Parameters": _parameters(),
        "Conditions": {"Told": {"Fn::Not": [{"Fn::Equals": [{"Ref": "TopicArn"}, ""]}]}},
        "Resources": {
            "Table": _table(),
            "Log": _log(name),
            "Role": _role(fix, scenario),
            "Function": _function(fix, scenario, name),
            "NoRetry": _no_retry(),
            "AlarmMayCall": _permission(),
            "Surge": _surge(name),
        },
        "Outputs": {"FunctionArn": {"Description": "What the alarm calls", "Value": {"Fn::GetAtt": ["Function", "Arn"]}}},
    }
    return write.dump(template) + "\n"


def _parameters() -> dict[str, Any]:
    return {
        "Apply": {"Type": "String", "Default": "0", "AllowedValues": ["0", "1"], "Description": "1 changes; 0 only tells what it would do"},
        "MaxPerHour": {"Type": "Number", "Default": parts.LIMIT, "MinValue": 1, "MaxValue": 20, "Description": "Changes in an hour"},
        "AlarmName": {"Type": "String", "Description": "The alarm that calls it (undeny guard alarm writes one)"},
        "TopicArn": {"Type": "String", "Default": "", "Description": "SNS topic that hears of a surge, empty for none"},
    }


def _table() -> dict[str, Any]:
    properties = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "fix", "AttributeType": "S"}, {"AttributeName": "slot", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "fix", "KeyType": "HASH"}, {"AttributeName": "slot", "KeyType": "RANGE"}],
    }
    return {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties}


def _log(name: str) -> dict[str, Any]:
    properties = {"LogGroupName": f"/aws/lambda/{name}", "RetentionInDays": parts.KEPT_DAYS}
    return {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties}


def _role(fix: Fix, scenario: Mapping[str, Any]) -> dict[str, Any]:
    working = parts.working({"Fn::GetAtt": ["Table", "Arn"]}, {"Fn::GetAtt": ["Log", "Arn"]})
    policy = {"Version": "2012-10-17", "Statement": [*parts.changing(fix, scenario), *working]}
    properties = {"AssumeRolePolicyDocument": parts.TRUST, "Policies": [{"PolicyName": "ThisFixAndNothingElse", "PolicyDocument": policy}]}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def _function(fix: Fix, scenario: Mapping[str, Any], name: str) -> dict[str, Any]:
    properties = {
        "FunctionName": name,
        "Description": fix.title[:256],
        "Runtime": parts.RUNTIME,
        "Handler": "index.handler",
        "Timeout": 60,
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Environment": {"Variables": {"APPLY": {"Ref": "Apply"}, "MAX_PER_HOUR": {"Ref": "MaxPerHour"}, "TABLE": {"Ref": "Table"}}},
        "Code": {"ZipFile": lambda_function.render(fix, scenario)},
    }
    return {"Type": "AWS::Lambda::Function", "DependsOn": "Log", "Properties": properties}


def _no_retry() -> dict[str, Any]:
    """Keep Lambda from trying again what failed: an alarm calls asynchronously."""
    properties = {"FunctionName": {"Ref": "Function"}, "Qualifier": "$LATEST", "MaximumRetryAttempts": 0}
    return {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": properties}


def _permission() -> dict[str, Any]:
    properties = {
        "FunctionName": {"Ref": "Function"},
        "Action": "lambda:InvokeFunction",
        "Principal": parts.ALARMS,
        "SourceAccount": {"Ref": "AWS::AccountId"},
        "SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${AlarmName}"},
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def _surge(name: str) -> dict[str, Any]:
    properties = {
        "AlarmName": f"{name}-surge",
        "AlarmDescription": "More remediations and rollbacks in an hour than are allowed: something undoes them",
        **parts.METRIC,
        "EvaluationPeriods": 1,
        "Threshold": {"Ref": "MaxPerHour"},
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": {"Fn::If": ["Told", [{"Ref": "TopicArn"}], {"Ref": "AWS::NoValue"}]},
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}
