"""What moto holds, read in process as the documents and facts that a decision needs."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.backends import get_backend
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.iam.utils import generate_access_key_id_from_account_id

from undeny.iam.arn import Arn
from undeny.lab.model import Caller

Named = dict[str, Any]
"""A policy as a scenario names it: `{"name", "policy", "arn"}`."""
user_boundaries: dict[str, str] = {}
"""User ARN to its boundary's ARN: moto drops the boundary of a user."""
function_policies: dict[str, str] = {}
"""Lambda function ARN to the policy that PutResourcePolicy wrote."""
delegations: dict[str, str] = {}
"""Management account to its organisation's resource policy, which moto does not keep."""


def backend(service: str, account: str, region: str = "aws") -> Any:
    """One service of one account as moto keeps it; global services live in the partition `aws`."""
    return held(service)[account][region]


def held(service: str) -> Any:
    """All accounts of one service as moto keeps them."""
    if service in _loaded:
        return get_backend(service)
    with unprofiled():
        AccountSpecificBackend.get_session()
        found = get_backend(service)
    _loaded.add(service)
    return found


_loaded: set[str] = set()


@contextmanager
def unprofiled() -> Iterator[None]:
    """Hide the user's profile while moto loads a service: it opens a session of its own then, and fails where that has no such profile."""
    hidden = {name: os.environ.pop(name, None) for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")}
    try:
        yield
    finally:
        os.environ.update({name: value for name, value in hidden.items() if value is not None})


def document(source: str | bytes | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Read a policy's JSON; `None` for none."""
    if not source:
        return None
    return dict(source) if isinstance(source, Mapping) else json.loads(source)


def user(account: str, name: str) -> Any:
    """Give a user, `None` where there is none of that name."""
    return next((user for user in backend("iam", account).users.values() if user.name == name), None)


def role(account: str, name: str) -> Any:
    """Give a role, `None` where there is none of that name."""
    return next((role for role in backend("iam", account).roles.values() if role.name == name), None)


def entity(caller: Caller) -> Any:
    """Give the role or user whose policies count for a caller; `None` for root and nobody."""
    if caller.account is None or caller.kind == "root":
        return None
    if caller.kind == "role_session":
        return role(caller.account, caller.name or "")
    return user(caller.account, caller.name or "")


def identity_policies(caller: Caller) -> list[Named] | None:
    """Give the identity policies, those of a user's groups too; `None` for a caller without an identity side."""
    if caller.account is None or caller.kind == "root":
        return None
    found = entity(caller)
    if found is None:
        return []
    policies = _attached(found)
    if caller.kind != "role_session":
        groups = backend("iam", str(caller.account)).get_groups_for_user(found.name)
        policies += [policy for group in groups for policy in _attached(group)]
    return policies


def _attached(holder: Any) -> list[Named]:
    inline = [{"name": name, "policy": document(text), "arn": None} for name, text in holder.policies.items()]
    return inline + [managed(policy) for policy in holder.managed_policies.values()]


def managed(policy: Any) -> Named:
    """Give a managed policy by its default version."""
    version = next(version for version in policy.versions if version.is_default)
    return {"name": policy.name, "policy": document(version.document), "arn": policy.arn}


def boundary(caller: Caller) -> list[Named] | None:
    """Give the permissions boundary; `None` where there is none."""
    found = entity(caller)
    arn = None if found is None else getattr(found, "permissions_boundary_arn", None) or user_boundaries.get(found.arn)
    if arn is None:
        return None
    policy = backend("iam", str(caller.account)).managed_policies.get(arn)
    return [] if policy is None else [managed(policy)]


def management_account(account: str | None) -> str | None:
    """Give the management account of the account's organisation; `None` where it is in none."""
    masters: Mapping[str, tuple[str, str]] = held("organizations").master_accounts
    if account is None:
        return None
    if account in masters:
        return masters[account][0]
    return account if backend("organizations", account).org else None


def organization(account: str | None) -> Any:
    """Give moto's organisation of an account, `None` where it is in none."""
    management = management_account(account)
    return None if management is None else backend("organizations", management)


def chain(account: str | None) -> list[Any]:
    """Give root, organisational units and account, from the top down; empty where the account is in no organisation."""
    found = organization(account)
    if found is None:
        return []
    nodes = {node.id: node for node in [*found.ou, *found.accounts]}
    levels, at = [], nodes.get(account)
    while at is not None:
        levels.append(at)
        at = nodes.get(at.parent_id) if at.type != "ROOT" else None
    return levels[::-1]


def levels(account: str | None, policy_type: str) -> list[dict[str, Any]]:
    """Give the SCPs or RCPs of every level, as a scenario lists them."""
    return [{"target": node.id, "name": node.name, "policies": _of_type(node.attached_policies, policy_type)} for node in chain(account)]


def _of_type(policies: Iterable[Any], policy_type: str) -> list[Named]:
    return [{"name": p.name, "policy": document(p.content), "arn": _policy_arn(p)} for p in policies if p.type == policy_type]


def _policy_arn(policy: Any) -> str:
    """Give an organisation policy's ARN; AWS owns the full-access ones."""
    kind = policy.type.lower()
    return f"arn:aws:organizations::aws:policy/{kind}/{policy.id}" if policy.aws_managed else str(policy.arn)


def organization_keys(account: str | None, side: str) -> dict[str, str | list[str]]:
    """Give the organisation's condition keys of the caller (`Principal`) or the resource (`Resource`)."""
    found = organization(account)
    if found is None:
        return {}
    above = "/".join(node.id for node in chain(account)[:-1])
    return {f"aws:{side}OrgID": found.org.id, f"aws:{side}OrgPaths": [f"{found.org.id}/{above}/"]}


def endpoint(endpoint_id: str) -> Any:
    """Give a VPC endpoint of any account and Region by its id; `None` where there is none."""
    for regions in held("ec2").values():
        for ec2 in regions.values():
            if endpoint_id in getattr(ec2, "vpc_end_points", {}):
                return ec2.vpc_end_points[endpoint_id]
    return None


def bucket(name: str) -> Any:
    """Give a bucket of any account; `None` where there is none."""
    where = held("s3").bucket_accounts.get(name)
    return None if where is None else backend("s3", where[1], where[0]).buckets.get(name)


def key(key_id: str, account: str, region: str) -> Any:
    """Give a KMS key by id, ARN, alias or alias ARN, as seen from an account and Region; `None` where there is none."""
    arn = Arn.parse(key_id)
    where = backend("kms", arn.account if arn else account, arn.region if arn else region)
    name = arn.resource if arn else key_id
    found = where.get_key_id_from_alias(name) if name.startswith("alias/") else name.removeprefix("key/")
    return where.keys.get(found)


def tags_of(pairs: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Read AWS's list of tags."""
    return {pair["Key"]: pair["Value"] for pair in pairs or ()}


def caller_tags(account: str, name: str, kind: str) -> dict[str, str]:
    """Give the tags of a user or role."""
    found = role(account, name) if kind == "role_session" else user(account, name)
    pairs = getattr(found, "tags", None)
    return tags_of(pairs.values() if isinstance(pairs, Mapping) else pairs)


def account_settings(account: str) -> dict[str, Any]:
    """Give the settings of a whole account that the decision reads."""
    found: dict[str, Any] = {}
    if management := management_account(account):
        found["MasterAccountId"] = management
    if account in all_accounts("s3control") and (block := backend("s3control", account).public_access_block):
        found["PublicAccessBlockConfiguration"] = public_access_block(block)
    return {f"arn:aws:iam::{account}:root": {"policy": None, "settings": found}} if found else {}


def public_access_block(block: Any) -> dict[str, bool]:
    """Give moto's public access block under the names of AWS's API."""
    return {name[0].upper() + name[1:]: value for name, value in block.to_config_dict().items()}


def caller_thing(caller: Caller) -> dict[str, Any]:
    """Give the caller's unique id under its role's or its own ARN: a policy may name that."""
    if caller.kind == "role_session":
        return {str(caller.issuer): {"policy": None, "settings": {"RoleId": caller.issuer_id}}}
    return {caller.arn: {"policy": None, "settings": {"UserId": caller.unique_id}}} if caller.kind == "user" else {}


def all_accounts(service: str) -> list[str]:
    """Give the accounts in which a service has been used."""
    return list(held(service))


def unique_id(prefix: str, account: str) -> str:
    """Make a unique id as AWS writes them (`AIDA...`); like access keys they hold the account's number.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    made: str = generate_access_key_id_from_account_id(account, prefix=prefix, total_length=21)
    return made


def forget(accounts: Iterable[str]) -> None:
    """Drop all that moto holds of these accounts: a lab that is left gives its memory back."""
    gone = set(accounts)
    for service in tuple(BackendDict._instances):  # noqa: SLF001 - moto's only list of the services in use
        for account in gone:
            service.pop(account, None)
    buckets: dict[str, tuple[str, str]] = held("s3").bucket_accounts
    for name in [name for name, (_, account) in buckets.items() if account in gone]:
        buckets.pop(name)
    for kept in (user_boundaries, function_policies, delegations, held("organizations").master_accounts):
        for key in [key for key in kept if key in gone or _account(key) in gone]:
            kept.pop(key)


def _account(arn: str) -> str:
    read = Arn.parse(arn)
    return read.account if read else ""
