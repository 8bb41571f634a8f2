"""A service control policy on an organisational unit that locks Regions, and a queue made elsewhere."""

import json

from undeny.lab.server import Lab
from undeny.lab.worlds import Story, _furniture

TITLE = "The organisation forbids it"
TEXT = (
    "Role Deploy may do everything with queues; its unit's service control policy RegionLock denies what is outside eu-west-1 and "
    "eu-central-1. The queue is made in us-east-1, so the organisation refuses, whatever the role's policies say. The call belongs into "
    "an allowed Region; an exception in RegionLock is for the organisation's owner to make."
)
EXEMPT = ["iam:*", "sts:*", "organizations:*", "support:*", "cloudfront:*", "route53:*"]


def seed(lab: Lab) -> Story:
    """Make unit, account, role and service control policy."""
    account = lab.add_account("regulated", unit="Regulated")
    _lock(lab, account)
    role = _furniture.role(lab, account, "Deploy", {"DeployQueues": _furniture.document(_furniture.allow("Queues", "sqs:*", "*"))})
    management = lab.account["management"]
    sqs = lab.session(role, region="us-east-1").client("sqs")
    return Story(
        title=TITLE,
        text=TEXT,
        code='boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="jobs")',
        principal=role,
        resource=f"arn:aws:sqs:us-east-1:{account}:jobs",
        account=account,
        region="us-east-1",
        call=lambda: sqs.create_queue(QueueName="jobs"),
        mended=lambda: lab.session(role, region="eu-west-1").client("sqs").create_queue(QueueName="jobs"),
        mended_code='boto3.client("sqs", region_name="eu-west-1").create_queue(QueueName="jobs")',
        readers={account: _furniture.reader(lab, account), management: _furniture.reader(lab, management)},
        owners={account: _furniture.owner(lab, account), management: _furniture.owner(lab, management)},
    )


def _lock(lab: Lab, account: str) -> None:
    organizations = lab.maker("management").client("organizations")
    statement = {"Sid": "OutsideEurope", "Effect": "Deny", "NotAction": EXEMPT, "Resource": "*"}
    condition = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}
    content = json.dumps(_furniture.document(statement | {"Condition": condition}))
    made = organizations.create_policy(Name="RegionLock", Description="Europe only", Type="SERVICE_CONTROL_POLICY", Content=content)
    unit = organizations.list_parents(ChildId=account)["Parents"][0]["Id"]
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=unit)
