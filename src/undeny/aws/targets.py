"""Where a document stands in AWS and which calls write it: one kind of place for each way AWS keeps a policy."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from undeny.errors import UndenyError


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of AWS that writes: its client, method, permission and parameters."""

    service: str
    operation: str
    action: str
    parameters: Mapping[str, Any]
    region: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document stands: its kind, the parameters that name it, and who it is for a reader (`inline policy P of role App`).

    `whitespace` says whether AWS counts white space in it towards the limit `limit` (characters), where it has one.
    """

    kind: str
    title: str
    names: Mapping[str, Any] = {}
    region: str | None = None
    limit: int | None = None
    whitespace: bool = True


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at a place now: the text byte for byte, `None` where there is no document.

    `version` is a managed policy's default version, `versions` all it has, `shared` the ARNs of whoever else has the policy.
    """

    place: Place
    text: str | None
    version: str | None = None
    versions: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def write_calls(place: Place, text: str) -> tuple[Call, ...]:
    """Give the calls that put a document there."""
    return (_KINDS[place.kind][0](place, text),)


def delete_calls(place: Place) -> tuple[Call, ...]:
    """Give the calls that take the document away. Raises `UndenyError` where AWS always keeps one there."""
    make = _KINDS[place.kind][1]
    if make is None:
        raise UndenyError(f"{place.title} cannot be deleted: AWS always keeps one there", code="cannot-delete")
    return (make(place),)


def default_calls(place: Place, version: str) -> tuple[Call, ...]:
    """Give the calls that make a version of a managed policy the default again."""
    names = {"PolicyArn": place.names["PolicyArn"], "VersionId": version}
    action = "iam:SetDefaultPolicyVersion"
    return (Call(service="iam", operation="set_default_policy_version", action=action, parameters=names),)


def forget_calls(place: Place, versions: Iterable[str]) -> tuple[Call, ...]:
    """Give the calls that delete versions of a managed policy."""
    arn = place.names["PolicyArn"]
    made: dict[str, Any] = {"service": "iam", "operation": "delete_policy_version", "action": "iam:DeletePolicyVersion"}
    return tuple(Call(parameters={"PolicyArn": arn, "VersionId": one}, **made) for one in versions)


def _call(place: Place, name: str, **more: Any) -> Call:
    """Make a call; `name` is `service.operation:Action` and the action's prefix the service's unless it says another."""
    where, _, action = name.partition(" ")
    service, _, operation = where.partition(".")
    return Call(service=service, operation=operation, action=action, parameters={**place.names, **more}, region=place.region)


def _inline_put(place: Place, text: str) -> Call:
    kind = _holder(place)
    return _call(place, f"iam.put_{kind}_policy iam:Put{kind.title()}Policy", PolicyDocument=text)


def _inline_delete(place: Place) -> Call:
    kind = _holder(place)
    return _call(place, f"iam.delete_{kind}_policy iam:Delete{kind.title()}Policy")


def _attach(place: Place, _: str) -> Call:
    kind = _holder(place)
    return _call(place, f"iam.attach_{kind}_policy iam:Attach{kind.title()}Policy")


def _detach(place: Place) -> Call:
    kind = _holder(place)
    return _call(place, f"iam.detach_{kind}_policy iam:Detach{kind.title()}Policy")


def _holder(place: Place) -> str:
    return next(name.removesuffix("Name").lower() for name in place.names if name in ("RoleName", "UserName", "GroupName"))


_Put = Callable[[Place, str], Call]
_KINDS: Mapping[str, tuple[_Put, Callable[[Place], Call] | None]] = {
    "inline": (_inline_put, _inline_delete),
    "managed": (
        lambda p, t: _call(p, "iam.create_policy_version iam:CreatePolicyVersion", PolicyDocument=t, SetAsDefault=True),
        None,
    ),
    "attachment": (_attach, _detach),
    "trust": (lambda p, t: _call(p, "iam.update_assume_role_policy iam:UpdateAssumeRolePolicy", PolicyDocument=t), None),
    "bucket": (
        lambda p, t: _call(p, "s3.put_bucket_policy s3:PutBucketPolicy", Policy=t),
        lambda p: _call(p, "s3.delete_bucket_policy s3:DeleteBucketPolicy"),
    ),
    "access_point": (
        lambda p, t: _call(p, "s3control.put_access_point_policy s3:PutAccessPointPolicy", Policy=t),
        lambda p: _call(p, "s3control.delete_access_point_policy s3:DeleteAccessPointPolicy"),
    ),
    "key": (
        # the safety check stays on: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
        lambda p, t: _call(p, "kms.put_key_policy kms:PutKeyPolicy", PolicyName="default", Policy=t, BypassPolicyLockoutSafetyCheck=False),
        None,
    ),
    "queue": (
        lambda p, t: _call(p, "sqs.set_queue_attributes sqs:SetQueueAttributes", Attributes={"Policy": t}),
        lambda p: _call(p, "sqs.set_queue_attributes sqs:SetQueueAttributes", Attributes={"Policy": ""}),
    ),
    "topic": (
        lambda p, t: _call(p, "sns.set_topic_attributes sns:SetTopicAttributes", AttributeName="Policy", AttributeValue=t),
        None,
    ),
    "secret": (
        lambda p, t: _call(
            p, "secretsmanager.put_resource_policy secretsmanager:PutResourcePolicy", ResourcePolicy=t, BlockPublicPolicy=True
        ),
        lambda p: _call(p, "secretsmanager.delete_resource_policy secretsmanager:DeleteResourcePolicy"),
    ),
    "function": (
        # it replaces all that AddPermission wrote: https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html
        lambda p, t: _call(p, "lambda.put_resource_policy lambda:PutResourcePolicy", Policy=t),
        lambda p: _call(p, "lambda.delete_resource_policy lambda:DeleteResourcePolicy"),
    ),
    "repository": (
        lambda p, t: _call(p, "ecr.set_repository_policy ecr:SetRepositoryPolicy", policyText=t),
        lambda p: _call(p, "ecr.delete_repository_policy ecr:DeleteRepositoryPolicy"),
    ),
    "table": (
        lambda p, t: _call(p, "dynamodb.put_resource_policy dynamodb:PutResourcePolicy", Policy=t),
        lambda p: _call(p, "dynamodb.delete_resource_policy dynamodb:DeleteResourcePolicy"),
    ),
    "stream": (
        lambda p, t: _call(p, "kinesis.put_resource_policy kinesis:PutResourcePolicy", Policy=t),
        lambda p: _call(p, "kinesis.delete_resource_policy kinesis:DeleteResourcePolicy"),
    ),
    "file system": (
        # the lockout check stays on: https://docs.aws.amazon.com/efs/latest/ug/API_PutFileSystemPolicy.html
        lambda p, t: _call(
            p, "efs.put_file_system_policy elasticfilesystem:PutFileSystemPolicy", Policy=t, BypassPolicyLockoutSafetyCheck=False
        ),
        lambda p: _call(p, "efs.delete_file_system_policy elasticfilesystem:DeleteFileSystemPolicy"),
    ),
    "event bus": (
        lambda p, t: _call(p, "events.put_permission events:PutPermission", Policy=t),
        lambda p: _call(p, "events.remove_permission events:RemovePermission", RemoveAllPermissions=True),
    ),
    "endpoint": (
        lambda p, t: _call(p, "ec2.modify_vpc_endpoint ec2:ModifyVpcEndpoint", PolicyDocument=t),
        lambda p: _call(p, "ec2.modify_vpc_endpoint ec2:ModifyVpcEndpoint", ResetPolicy=True),
    ),
    "organization": (lambda p, t: _call(p, "organizations.update_policy organizations:UpdatePolicy", Content=t), None),
}
