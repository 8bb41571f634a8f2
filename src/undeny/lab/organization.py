"""The organisation that every lab begins with: accounts with fresh numbers, units, and an administrator in each account."""

import json
import secrets
from collections.abc import Mapping

from undeny.lab import state
from undeny.lab.services.organizations import attach_full_access

ADMIN = "admin"
"""The user with AdministratorAccess that every account has."""
UNITS = {"Workloads": ("app", "data"), "Security": ("audit",)}
"""Organisational units and the accounts in them; `management` is the root's, `outside` in no organisation."""


def fresh_number() -> str:
    """Make an account number: 12 digits, as of an account that nobody had in this process."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)


def found() -> dict[str, str]:
    """Found the organisation: account names to numbers."""
    management = fresh_number()
    organizations = state.backend("organizations", management)
    organizations.create_organization(region="us-east-1", FeatureSet="ALL")
    root = organizations.org.root_id
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        organizations.enable_policy_type(RootId=root, PolicyType=kind)
    accounts = {"management": management, "outside": fresh_number()}
    for unit, names in UNITS.items():
        parent = add_unit(management, unit)
        accounts |= {name: add_account(management, name, parent) for name in names}
    for account in accounts.values():
        furnish(account)
    return accounts


def add_unit(management: str, name: str, parent: str | None = None) -> str:
    """Add an organisational unit below `parent`, the root where none is given; gives its id."""
    organizations = state.backend("organizations", management)
    made = organizations.create_organizational_unit(Name=name, ParentId=parent or organizations.org.root_id)
    attach_full_access(management)
    unit_id: str = made["OrganizationalUnit"]["Id"]
    return unit_id


def add_account(management: str, name: str, parent: str) -> str:
    """Add an account to a unit; gives its number."""
    organizations = state.backend("organizations", management)
    made = organizations.create_account(AccountName=name, Email=f"{name}@example.com", RoleName="OrganizationAccountAccessRole")
    number: str = made["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=number, SourceParentId=organizations.org.root_id, DestinationParentId=parent)
    attach_full_access(management)
    return number


def furnish(account: str) -> None:
    """Make the account's administrator."""
    iam = state.backend("iam", account)
    user = iam.create_user("us-east-1", ADMIN, "/", [])
    (user[0] if isinstance(user, tuple) else user).id = state.unique_id("AIDA", account)
    iam.attach_user_policy("arn:aws:iam::aws:policy/AdministratorAccess", ADMIN)


def trust(*principals: str, **condition: Mapping[str, str]) -> str:
    """Write a trust policy for these principals: ARNs, or services by their name."""
    services = [name for name in principals if name.endswith(".amazonaws.com")]
    arns = [name for name in principals if name not in services]
    who = ({"AWS": arns} if arns else {}) | ({"Service": services} if services else {})
    statement = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"} | ({"Condition": condition} if condition else {})
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
