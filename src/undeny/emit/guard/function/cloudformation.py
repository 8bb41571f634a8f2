"""The guard function as a CloudFormation template."""

from typing import Any

from undeny.emit.guard.function import FunctionCode
from undeny.emit.guard.function import _parts as parts
from undeny.guard.event_pattern import STATE
from undeny.iam import write

NAME = "cloudformation"
FILE = "guard.template.json"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html"


def render(code: FunctionCode) -> str:
    """Write the template."""
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Diagnoses refused calls, and pages where AWS Health has an event of the same service in the same Region",
        "Metadata": {"Undeny": list(parts.NOTES)},
        "Parameters": _parameters(code),
        "Resources": {
            "Table": _table(),
            "Log": _log(code),
            "Role": _role(code),
            "Function": _function(code),
            "Denials": _rule(code, "denials", parts.DENIALS, STATE),
            "Health": _rule(code, "health", parts.HEALTH, "ENABLED"),
            "DenialsMayCall": _permission("Denials"),
            "HealthMayCall": _permission("Health"),
            "Surge": _surge(code),
        },
    }
    return write.dump(template) + "\n"


def _parameters(code: FunctionCode) -> dict[str, Any]:
    topic: dict[str, Any] = {"Type": "String", "Description": "SNS topic that is paged", "AllowedPattern": "arn:aws[a-z-]*:sns:.+"}
    principals = ",".join(code.principals)
    return {
        "TopicArn": topic | ({"Default": code.topic} if code.topic else {}),
        "LayerArn": {
            "Type": "String",
            "Description": "Version of the layer that build-layer.sh makes",
            "AllowedPattern": "arn:.+:layer:.+",
        },
        "MaxRemediationsPerHour": {"Type": "Number", "Default": parts.SURGE, "Description": "More remediations and rollbacks page"},
        "Principals": {
            "Type": "String",
            "Default": principals,
            "Description": "Callers that are paged for any refusal, with commas between",
        },
    }


def _table() -> dict[str, Any]:
    properties = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
    }
    return {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete", "Properties": properties}


def _log(code: FunctionCode) -> dict[str, Any]:
    properties = {"LogGroupName": f"/aws/lambda/{code.name}", "RetentionInDays": parts.KEPT_DAYS}
    return {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties}


def _role(code: FunctionCode) -> dict[str, Any]:
    held = parts.policy(code, {"Fn::GetAtt": ["Table", "Arn"]}, {"Ref": "TopicArn"}, {"Fn::GetAtt": ["Log", "Arn"]})
    properties = {"AssumeRolePolicyDocument": parts.TRUST, "Policies": [{"PolicyName": "Guard", "PolicyDocument": held}]}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def _function(code: FunctionCode) -> dict[str, Any]:
    properties = {
        "FunctionName": code.name,
        "Runtime": parts.RUNTIME,
        "Handler": parts.HANDLER,
        "Timeout": parts.SECONDS,
        "MemorySize": parts.MEGABYTES,
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Layers": [{"Ref": "LayerArn"}],
        "Environment": {"Variables": parts.environment(code, {"Ref": "Table"}, {"Ref": "TopicArn"}, {"Ref": "Principals"})},
        "Code": {"ZipFile": parts.INDEX},
    }
    return {"Type": "AWS::Lambda::Function", "DependsOn": "Log", "Properties": properties}


def _rule(code: FunctionCode, name: str, pattern: dict[str, Any], state: str) -> dict[str, Any]:
    properties = {
        "Name": f"{code.name}-{name}",
        "State": state,
        "EventPattern": pattern,
        "Targets": [{"Id": "Guard", "Arn": {"Fn::GetAtt": ["Function", "Arn"]}}],
    }
    return {"Type": "AWS::Events::Rule", "Properties": properties}


def _permission(rule: str) -> dict[str, Any]:
    properties = {
        "FunctionName": {"Ref": "Function"},
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": [rule, "Arn"]},
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def _surge(code: FunctionCode) -> dict[str, Any]:
    properties = {
        "AlarmName": f"{code.name}-surge",
        "AlarmDescription": parts.SURGE_SAYS,
        **parts.METRIC,
        "EvaluationPeriods": 1,
        "Threshold": {"Ref": "MaxRemediationsPerHour"},
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [{"Ref": "TopicArn"}],
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}
