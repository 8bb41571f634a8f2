"""What the stories share: roles with policies, buckets, and a reader in each account."""

import json
from collections.abc import Mapping
from typing import Any

from undeny.lab.organization import trust
from undeny.lab.server import Lab

READER = "UndenyReader"


def role(lab: Lab, account: str, name: str, policies: Mapping[str, Any]) -> str:
    """Make a role for EC2 with inline policies; gives its ARN."""
    iam = lab.maker(account).client("iam")
    made: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
    for policy, document in policies.items():
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
    return made


def bucket(lab: Lab, account: str, name: str, objects: Mapping[str, bytes] | None = None) -> None:
    """Make a bucket in the lab's Region, with some objects."""
    s3 = lab.maker(account).client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    for key, body in (objects or {}).items():
        s3.put_object(Bucket=name, Key=key, Body=body)


def allow(sid: str, action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    """Write one Allow statement."""
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource} | more


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Write a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def reader(lab: Lab, account: str) -> dict[str, str]:
    """Make someone who may read the account's policies and nothing else; gives the environment."""
    iam = lab.maker(account).client("iam")
    arn = f"arn:aws:iam::{account}:role/{READER}"
    iam.create_role(RoleName=READER, AssumeRolePolicyDocument=trust(lab.admin_arn(account)))
    iam.attach_role_policy(RoleName=READER, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    return lab.environ(arn)


def owner(lab: Lab, account: str) -> dict[str, str]:
    """Give the environment of the account's administrator."""
    return lab.environ(lab.admin_arn(account))


def delegate_reading(lab: Lab, account: str) -> None:
    """Let a member account read the organisation's policies, as the management account may.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
    """
    actions = ["organizations:Describe*", "organizations:List*"]
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": actions, "Resource": "*"}
    lab.maker("management").client("organizations").put_resource_policy(Content=json.dumps(document(statement)))
