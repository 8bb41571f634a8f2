"""CloudFormation, as a JSON template: one resource a document; things that are there already are retained and imported."""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.emit.iac import _shape as shape
from undeny.emit.iac._shape import Shape
from undeny.fix.model import Fix, PolicyEdit, SettingEdit
from undeny.iam import write

NAME = "cloudformation"
SUFFIX = "template.json"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html"
_WHOLE = ("trust", "key", "repository", "table", "endpoint")
"""Kinds whose document is a property of the thing itself: the thing is imported, and never deleted with the stack.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import.html"""


IMPORTED: Mapping[str, tuple[str, ...]] = {
    # type: the properties that identify one that is there; PolicyArn and KeyId stand in no template
    "AWS::IAM::RolePolicy": ("PolicyName", "RoleName"), "AWS::IAM::UserPolicy": ("PolicyName", "UserName"),
    "AWS::IAM::GroupPolicy": ("PolicyName", "GroupName"), "AWS::IAM::ManagedPolicy": ("PolicyArn",), "AWS::IAM::Role": ("RoleName",),
    "AWS::S3::BucketPolicy": ("Bucket",), "AWS::KMS::Key": ("KeyId",), "AWS::ECR::Repository": ("RepositoryName",),
    "AWS::S3::Bucket": ("BucketName",), "AWS::Organizations::Policy": ("Id",),
}  # fmt: skip
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html"""


def imports(fix: Fix, scenario: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the resources of the template that are there already, as an import change set names them."""
    found: list[dict[str, Any]] = []
    for one in shape.shapes(fix, scenario):
        resource = None if one.new or one.edit.after is None else _resource(one, {})
        keys = IMPORTED.get(resource["Type"], ()) if resource else ()
        if resource and keys:
            known = {"PolicyArn": one.arn, "KeyId": one.name, "Id": one.identifier}
            identifier = {key: resource["Properties"].get(key) or known[key] for key in keys}
            found.append({"ResourceType": resource["Type"], "LogicalResourceId": _logical(one.label), "ResourceIdentifier": identifier})
    for edit in shape.settings(fix):
        if edit.operation in ("s3:PutPublicAccessBlock", "s3:PutBucketOwnershipControls"):
            bucket = edit.target.rpartition(":")[2]
            name = {"BucketName": bucket}
            found.append({"ResourceType": "AWS::S3::Bucket", "LogicalResourceId": _logical(bucket), "ResourceIdentifier": name})
    return [one for i, one in enumerate(found) if one not in found[:i]]


def as_it_is(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the template of what is there already, before the change: an import takes things as they are, and changes none of them."""
    there = {one["LogicalResourceId"] for one in imports(fix, scenario)}
    written = (e for e in fix.changes if isinstance(e, SettingEdit) or (isinstance(e, PolicyEdit) and e.before is not None))
    edits = tuple(msgspec.structs.replace(edit, after=edit.before) for edit in written)
    template: dict[str, Any] = json.loads(render(msgspec.structs.replace(fix, changes=edits), scenario))
    template["Resources"] = {name: held for name, held in template["Resources"].items() if name in there}
    return write.dump(template) + "\n"


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
        notes.append("what is there already comes into the stack with an IMPORT change set first: the .stack.sh beside it does both")
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
    if one.kind in _WHOLE or (not one.new and kind in IMPORTED):
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
    properties = {name: value for name, value in properties.items() if value is not None}
    there = found.get(_logical(bucket), {}).get("Properties", {})
    resource = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": there | properties}
    found[_logical(bucket)] = resource


def _logical(text: str) -> str:
    """Give a logical id: letters and digits alone."""
    parts = re.split(r"[^A-Za-z0-9]+", text)
    return "".join(p[:1].upper() + p[1:] for p in parts if p) or "Fix"
