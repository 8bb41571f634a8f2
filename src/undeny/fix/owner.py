"""Whose a thing is, and so which kind of change it takes: in the account, in code, by a permission set, or never."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.evidence.model import Evidence, Policy
from undeny.fix.model import ManagedBy
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

_AWS_POLICY_NAMES = frozenset(
    {
        "AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess", "SystemAdministrator",
        "NetworkAdministrator", "DatabaseAdministrator", "DataScientist", "SupportUser", "Billing", "IAMFullAccess", "IAMReadOnlyAccess",
    }
)  # fmt: skip
"""Job function policies, whose names do not begin with AWS or Amazon:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html"""


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Who manages a thing. `editable` is false where nobody but AWS may change it; `note` says where the change belongs."""

    managed_by: ManagedBy | None = None
    editable: bool = True
    note: str | None = None


def of_principal(principal: str, evidence: Evidence | None = None) -> Owner:
    """Tell by whom a caller's permissions are managed: from its name, and from the tags that were read.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
    https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
    """
    who = Principal.parse(principal)
    name = who.name or ""
    if who.is_service_linked_role:
        return Owner(managed_by="aws", editable=False, note="a service-linked role is AWS's: nobody can edit it")
    if name.startswith("AWSReservedSSO_"):
        which = name.removeprefix("AWSReservedSSO_").rpartition("_")[0]
        return Owner(managed_by="identity-center", note=f"IAM Identity Center writes this role: change its permission set {which}")
    if name.startswith("cdk-"):
        return Owner(managed_by="cloudformation", note="a CDK bootstrap role: change the bootstrap template and run `cdk bootstrap`")
    if name.startswith(("AWSControlTower", "stacksets-exec-", "aws-controltower-")):
        return Owner(managed_by="aws", editable=False, note="AWS Control Tower or StackSets manages this role and puts it back")
    return _of_tags(who.role_arn or principal, evidence)


def _of_tags(arn: str, evidence: Evidence | None) -> Owner:
    thing = evidence.resources.get(arn) if evidence else None
    tags = {str(t.get("Key")): str(t.get("Value")) for t in _tags(thing.settings if thing else {})}
    stack = tags.get("aws:cloudformation:stack-name")
    if stack is not None:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
        return Owner(managed_by="cloudformation", note=f"stack {stack} manages it: its next deploy undoes a change made beside it")
    if any(key.lower() in {"terraform", "managed_by", "managedby", "managed-by"} and "terraform" in f"{key}{value}".lower()
           for key, value in tags.items()):  # fmt: skip
        return Owner(managed_by="terraform", note="a tag says that Terraform manages it: the next apply undoes a change made beside it")
    return Owner()


def _tags(settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = settings.get("Tags") or settings.get("TagSet") or []
    return [t for t in found if isinstance(t, Mapping)] if isinstance(found, list | tuple) else []


def aws_managed(policy: Policy) -> bool:
    """Whether the policy is AWS's own: by its ARN, or where that was not read by the way AWS names them."""
    if policy.arn is not None:
        arn = Arn.parse(policy.arn)
        return arn is not None and arn.account == "aws"
    if policy.inline:
        return False
    name = policy.name
    return name in _AWS_POLICY_NAMES or (name.startswith(("AWS", "Amazon")) and name.isalnum())


def shared(policy: Policy) -> bool:
    """Whether others may hold this policy too: a customer managed one, or one that comes through a group."""
    by_group = policy.attached_to is not None and ":group/" in policy.attached_to
    return by_group or (policy.arn is not None and not policy.inline)


def account_of(arn: str | None) -> str | None:
    """Give the account that an ARN names, `None` where it names none."""
    parsed = Arn.parse(arn) if arn else None
    return parsed.account if parsed and parsed.account.isdigit() else None
