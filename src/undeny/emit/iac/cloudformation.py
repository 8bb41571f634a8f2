"""CloudFormation, as a JSON template: one resource a document; things that are there already are retained and imported."""

import re
from collections.abc import Mapping
from typing import Any

from undeny.emit.iac import _shape as shape
from undeny.emit.iac._shape import Shape
from undeny.fix.model import Fix, SettingEdit
from undeny.iam import write

NAME = "cloudformation"
SUFFIX = "template.json"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html"
_WHOLE = ("trust", "key", "repository", "table", "endpoint")
"""Kinds whose document is a property of the thing itself: the thing is imported, and never deleted with the stack.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import.html"""


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the fix as a template. What CloudFormation has no resource for is told in the description's metadata."""
    found: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    left: list[str] = []
    for one in shape.shapes(fix, scenario):
        resource = _resource(one, parameters)
        if resource is None:
            left.append(f"not a CloudFormation resource: the policy of {one.edit.target}")
        else:
            found[_logical(one.label)] = resource
    for edit in shape.settings(fix):
        _setting(edit, found, left)
    return write.dump(_template(fix, parameters, found, left)) + "\n"


def _template(fix: Fix, parameters: Mapping[str, Any], found: Mapping[str, Any], left: list[str]) -> dict[str, Any]:
    template: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Description": fix.title[:1024]}
    notes = [*shape.heading(fix)[1:], *left]
    if any(_is_whole(r) for r in found.values()):
        notes.append("bring what is there into the stack: create an IMPORT change set with this template")
    if notes:
        template["Metadata"] = {"Undeny": notes}
    if parameters:
        template["Parameters"] = dict(parameters)
    template["Resources"] = dict(found) or {"NothingToDeploy": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
    return template


def _is_whole(resource: Mapping[str, Any]) -> bool:
    return "DeletionPolicy" in resource


def _resource(one: Shape, parameters: dict[str, Any]) -> dict[str, Any] | None:
    if one.edit.after is None:
        return None
    value = shape.corrected(one)
    document: Any = one.edit.after
    if value is not None:
        name = _logical(f"{one.label}_{value.name}")
        parameters[name] = {
            "Type": "String",
            "Description": f"What the policy was corrected to name: {value.says}",
            "Default": value.value,
            "AllowedPattern": value.pattern + (".*" if not value.pattern.endswith("$") else ""),
        }
        document = shape.replaced(document, value.value, {"Ref": name})
    made = _typed(one, document)
    if made is None:
        return None
    kind, properties = made
    resource: dict[str, Any] = {"Type": kind}
    if one.kind in _WHOLE:
        resource |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    return resource | {"Properties": properties}


def _typed(one: Shape, document: Any) -> tuple[str, dict[str, Any]] | None:
    """Give the resource type and its properties, `None` where CloudFormation has none for this kind of document."""
    made: dict[str, tuple[str, dict[str, Any]]] = {
        "role_inline": ("AWS::IAM::RolePolicy", {"PolicyName": one.policy, "RoleName": one.name, "PolicyDocument": document}),
        "user_inline": ("AWS::IAM::UserPolicy", {"PolicyName": one.policy, "UserName": one.name, "PolicyDocument": document}),
        "group_inline": ("AWS::IAM::GroupPolicy", {"PolicyName": one.policy, "GroupName": one.name, "PolicyDocument": document}),
        "managed": ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": one.policy, "PolicyDocument": document}),
        "trust": ("AWS::IAM::Role", {"RoleName": one.name, "AssumeRolePolicyDocument": document}),
        "bucket": ("AWS::S3::BucketPolicy", {"Bucket": one.name, "PolicyDocument": document}),
        "queue": ("AWS::SQS::QueuePolicy", {"Queues": [one.queue_url], "PolicyDocument": document}),
        "topic": ("AWS::SNS::TopicPolicy", {"Topics": [one.arn], "PolicyDocument": document}),
        "key": ("AWS::KMS::Key", {"KeyPolicy": document}),
        "secret": ("AWS::SecretsManager::ResourcePolicy", {"SecretId": one.arn, "ResourcePolicy": document}),
        "repository": ("AWS::ECR::Repository", {"RepositoryName": one.name, "RepositoryPolicyText": document}),
        "organization": (
            "AWS::Organizations::Policy",
            {
                "Name": one.policy,
                "Type": "SERVICE_CONTROL_POLICY" if one.edit.layer == "scp" else "RESOURCE_CONTROL_POLICY",
                "TargetIds": [one.edit.target],
                "Content": document,
            },
        ),
    }
    return made.get(one.kind)


def _setting(edit: SettingEdit, found: dict[str, Any], left: list[str]) -> None:
    bucket = edit.target.rpartition(":")[2]
    after = edit.after or {}
    properties: dict[str, Any] = {"BucketName": bucket}
    if edit.operation == "s3:PutPublicAccessBlock":
        properties["PublicAccessBlockConfiguration"] = after.get("PublicAccessBlockConfiguration")
    elif edit.operation == "s3:PutBucketOwnershipControls":
        properties["OwnershipControls"] = after.get("OwnershipControls")
    else:
        left.append(f"not a CloudFormation resource: call {edit.operation} on {edit.target}")
        return
    resource = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties}
    found[_logical(bucket)] = resource


def _logical(text: str) -> str:
    """Give a logical id: letters and digits alone."""
    parts = re.split(r"[^A-Za-z0-9]+", text)
    return "".join(p[:1].upper() + p[1:] for p in parts if p) or "Fix"
