"""Adopt what has the name already, or give the new one another: see whose it is first."""

import re
from collections.abc import Mapping
from typing import Any

from undeny.diagnose import sent
from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import CallEdit, Fix

CODES = ("entity-already-exists",)
SOURCE = "https://developer.hashicorp.com/terraform/language/import"
KINDS: Mapping[str, tuple[str, str, str, str]] = {
    # what the message or operation calls it: Terraform's type, how it is looked at, CloudFormation's type, its identifier there
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
    "role": ("aws_iam_role", "aws iam get-role --role-name {name}", "AWS::IAM::Role", "RoleName"),
    "instance profile": (
        "aws_iam_instance_profile", "aws iam get-instance-profile --instance-profile-name {name}", "AWS::IAM::InstanceProfile",
        "InstanceProfileName",
    ),
    "user": ("aws_iam_user", "aws iam get-user --user-name {name}", "AWS::IAM::User", "UserName"),
    "group": ("aws_iam_group", "aws iam get-group --group-name {name}", "AWS::IAM::Group", "GroupName"),
    "policy": (
        "aws_iam_policy", "aws iam list-policies --scope Local --query \"Policies[?PolicyName=='{name}']\"",
        "AWS::IAM::ManagedPolicy", "PolicyArn",
    ),
    "bucket": ("aws_s3_bucket", "aws s3api head-bucket --bucket {name}", "AWS::S3::Bucket", "BucketName"),
    "log group": (
        "aws_cloudwatch_log_group", "aws logs describe-log-groups --log-group-name-prefix {name}", "AWS::Logs::LogGroup", "LogGroupName",
    ),
    "repository": (
        "aws_ecr_repository", "aws ecr describe-repositories --repository-names {name}", "AWS::ECR::Repository", "RepositoryName",
    ),
    "table": ("aws_dynamodb_table", "aws dynamodb describe-table --table-name {name}", "AWS::DynamoDB::Table", "TableName"),
    "function": ("aws_lambda_function", "aws lambda get-function --function-name {name}", "AWS::Lambda::Function", "FunctionName"),
    "queue": ("aws_sqs_queue", "aws sqs get-queue-url --queue-name {name}", "AWS::SQS::Queue", "QueueUrl"),
}  # fmt: skip
PARAMETERS = {
    "rolename": "role", "instanceprofilename": "instance profile", "username": "user", "groupname": "group", "policyname": "policy",
    "bucketname": "bucket", "loggroupname": "log group", "repositoryname": "repository", "tablename": "table", "functionname": "function",
    "queuename": "queue", "bucket": "bucket",
}  # fmt: skip
_SAID = re.compile(
    r"(instance profile|role|user|group|policy|bucket|log group|repository|table|function|queue)s?"
    r"(?: with (?:the )?name| called| named| \()? ?[`'\"]?([\w+=,.@/-]{2,128}?)[`'\")]*[.:,]? (?:in the registry .{0,60})?already exists?",
    re.IGNORECASE,
)
_TERRAFORM = re.compile(
    r"creating (?:\w+ )*?(role|policy|user|group|bucket|instance profile|log group|repository) \(([^)]+)\)", re.IGNORECASE
)
OWNERS = (
    "aws:cloudformation:stack-name",
    "terraform",
    "managed-by",
    "managedby",
    "created-by",
    "createdby",
    "elasticbeanstalk:environment-name",
)


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose to find the holder and adopt the thing, or to give the new one another name."""
    del cause
    kind, name = _named(case)
    if kind is None:
        how = "see whose the existing one is, then import it into the code that wants to make it, or give the new one another name"
        return (proposals.call(how, how.partition(",")[0] + ", then import it or take another name"),)
    return (_adopt(case, kind, name), _rename(kind, name))


def _named(case: Case) -> tuple[str | None, str]:
    """Give the kind and name of what exists: from the message, else from the call's parameters."""
    text = case.denial.message or case.denial.text or ""
    for pattern in (_SAID, _TERRAFORM):
        found = pattern.search(text) or pattern.search(case.denial.text or "")
        if found:
            return found[1].lower(), found[2]
    for name, value in sent.parameters(case).items():
        if name.lower() in PARAMETERS and isinstance(value, str):
            return PARAMETERS[name.lower()], value
    return None, ""


def _adopt(case: Case, kind: str, name: str) -> Fix:
    terraform, look, cloudformation, identifier = KINDS[kind]
    account = case.denial.account or case.denial.recipient_account or "ACCOUNT"
    there = f"arn:aws:iam::{account}:policy/{name}" if kind == "policy" else name
    holder = _holder(case, name)
    whose = (
        f"it belongs to {holder}: adopt it only with its owner"
        if holder
        else f"whose is it: {look.format(name=name)} (its tags, its creation date)"
    )
    steps = (
        whose,
        f'Terraform: import {{ to = {terraform}.this, id = "{there}" }}, or terraform import {terraform}.this {there}',
        f"CloudFormation: a change set of type IMPORT with {cloudformation}, {identifier} {there}",
    )
    edit = CallEdit(how="\n".join(steps))
    return Fix(
        id="",
        title=f"adopt the {kind} {name} that is there, instead of making it",
        layer="call",
        applicability="has_placeholders",
        changes=(edit,),
    )


def _rename(kind: str, name: str) -> Fix:
    how = f"leave the name to the tool (name_prefix, no explicit {kind} name), or take another than {name}"
    return proposals.call(how, f"give the new {kind} another name")


def _holder(case: Case, name: str) -> str | None:
    """Give who made the existing thing by its tags, where these were read."""
    for arn, thing in case.evidence.resources.items():
        if arn.endswith((f"/{name}", f":{name}")):
            tags = {str(tag.get("Key", "")).lower(): str(tag.get("Value", "")) for tag in _tags(thing.settings)}
            return next((f"{key} {tags[key]}" for key in OWNERS if key in tags), None)
    return None


def _tags(settings: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    held = settings.get("Tags") or settings.get("TagSet") or ()
    return tuple(one for one in held if isinstance(one, Mapping)) if isinstance(held, (list, tuple)) else ()
