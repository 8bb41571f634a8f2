"""What the stories share: roles with policies, buckets, and a reader in each account."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from undeny.aws.collect import reader_policy
from undeny.lab import state
from undeny.lab.organization import trust
from undeny.lab.server import Lab

READER = "UndenyReader"
AGE = timedelta(days=90)
"""How old a story's furniture is: what was made this minute would be denied for its newness."""


def role(lab: Lab, account: str, name: str, policies: Mapping[str, Any]) -> str:
    """Make a role for EC2 with inline policies; gives its ARN."""
    iam = lab.maker(account).client("iam")
    made: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
    for policy, document in policies.items():
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
    state.role(account, name).create_date -= AGE
    return made


def bucket(lab: Lab, account: str, name: str, objects: Mapping[str, bytes] | None = None) -> None:
    """Make a bucket in the lab's Region, with some objects."""
    s3 = lab.maker(account).client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    for key, body in (objects or {}).items():
        s3.put_object(Bucket=name, Key=key, Body=body)
    state.bucket(name).creation_date -= AGE


def allow(sid: str, action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    """Write one Allow statement."""
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource} | more


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Write a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def reader(lab: Lab, account: str) -> dict[str, str]:
    """Make someone who may read what `undeny reader-policy` lists, and nothing else; gives the environment."""
    iam = lab.maker(account).client("iam")
    iam.create_role(RoleName=READER, AssumeRolePolicyDocument=trust(lab.admin_arn(account)))
    iam.put_role_policy(RoleName=READER, PolicyName="UndenyReads", PolicyDocument=json.dumps(reader_policy()))
    state.role(account, READER).create_date -= AGE
    if account != lab.account["management"]:
        delegate_reading(lab, account)
    return lab.environ(f"arn:aws:iam::{account}:role/{READER}")


def owner(lab: Lab, account: str) -> dict[str, str]:
    """Give the environment of the account's administrator."""
    return lab.environ(lab.admin_arn(account))


def delegate_reading(lab: Lab, account: str) -> None:
    """Let a member account, too, read the organisation's policies, as the management account may.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
    """
    organizations = lab.maker("management").client("organizations")
    try:
        before = json.loads(organizations.describe_resource_policy()["ResourcePolicy"]["Content"])["Statement"]
    except organizations.exceptions.ResourcePolicyNotFoundException:
        before = []
    actions = ["organizations:Describe*", "organizations:List*"]
    who = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Sid": f"Read{account}", "Effect": "Allow", "Principal": who, "Action": actions, "Resource": "*"}
    organizations.put_resource_policy(Content=json.dumps(document(*before, statement)))
