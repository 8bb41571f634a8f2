"""Reads from AWS what the requests need, one file a service, each with the permissions that it uses.

A service file has `PERMISSIONS` (action to why it is read and AWS's page). One that reads things by ARN has `SERVICE` (the prefix
of those ARNs), `thing(arn)` (the thing that holds the policy, `None` where there is none to read), `read(reader, arn)`, and where
needed `planned(arn)` (which of its actions `read` uses) and `keys(resource)` (KMS keys that AWS uses where the thing names none).
For snapshots of a whole account it has `every(reader)`, which lists its things, and `ACCOUNT_PERMISSIONS` for that.
"""

from undeny.aws.gather import collect, collect_with, plan
from undeny.aws.permissions import (
    Read,
    account_permissions,
    account_plan,
    network_permissions,
    permissions,
    permissions_page,
    reader_policy,
)
from undeny.aws.whole import account

__all__ = [
    "Read",
    "account",
    "account_permissions",
    "account_plan",
    "collect",
    "collect_with",
    "network_permissions",
    "permissions",
    "permissions_page",
    "plan",
    "reader_policy",
]
