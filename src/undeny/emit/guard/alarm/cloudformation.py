"""The alarm as a CloudFormation template."""

from typing import Any

from undeny.emit.guard.alarm import KEPT_DAYS, AlarmCode
from undeny.emit.guard.alarm import _calls as calls
from undeny.guard.event_pattern import STATE
from undeny.iam import write

NAME = "cloudformation"
SUFFIX = "template.json"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html"


def render(code: AlarmCode) -> str:
    """Write metric filter and alarm, and the rule that brings the calls where no trail does."""
    parameters: dict[str, Any] = {
        "TopicArn": {"Type": "String", "Default": code.topic or "", "Description": "SNS topic that is told, empty for none"}
    }
    if code.via == "logs":
        group = {"Type": "String", "Description": "Log group that the trail writes to"}
        parameters["LogGroupName"] = group | ({"Default": code.log_group} if code.log_group else {})
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": code.watch.title[:1024],
        "Metadata": {"Undeny": list(code.says)},
        "Parameters": parameters,
        "Conditions": {"Told": {"Fn::Not": [{"Fn::Equals": [{"Ref": "TopicArn"}, ""]}]}},
        "Resources": {**(_events(code) if code.via == "events" else {}), "Denials": _filter(code), "Alarm": _alarm(code)},
    }
    return write.dump(template) + "\n"


def _filter(code: AlarmCode) -> dict[str, Any]:
    group = {"Ref": "LogGroupName"} if code.via == "logs" else {"Ref": "Events"}
    held = {name[:1].upper() + name[1:]: value for name, value in calls.transformation(code).items()}
    properties = {
        "LogGroupName": group,
        "FilterName": code.watch.name,
        "FilterPattern": code.filter_pattern,
        "MetricTransformations": [held],
    }
    return {"Type": "AWS::Logs::MetricFilter", "Properties": properties}


def _events(code: AlarmCode) -> dict[str, Any]:
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": code.events_group, "RetentionInDays": KEPT_DAYS}}
    rule = {
        "Name": code.watch.name,
        "Description": code.watch.title[:512],
        "State": STATE,
        "EventPattern": code.event_pattern,
        "Targets": [{"Id": "Events", "Arn": {"Fn::Sub": _GROUP}}],
    }
    rule_arn = {"Fn::Sub": f"arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{code.watch.name}"}
    policy = write.dump(calls.writers("${Events.Arn}", rule_arn["Fn::Sub"]))
    return {
        "Events": {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete", **group},
        "RuleWrites": {
            "Type": "AWS::Logs::ResourcePolicy",
            "Properties": {"PolicyName": code.watch.name, "PolicyDocument": {"Fn::Sub": policy}},
        },
        "Rule": {"Type": "AWS::Events::Rule", "DependsOn": "RuleWrites", "Properties": rule},
    }


_GROUP = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Events}"
"""A target's ARN is the log group's without `:*`, which `GetAtt` gives."""


def _alarm(code: AlarmCode) -> dict[str, Any]:
    actions = {"Fn::If": ["Told", [{"Ref": "TopicArn"}], {"Ref": "AWS::NoValue"}]}
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {**calls.alarm(code), "AlarmActions": actions}}
