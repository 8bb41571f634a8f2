"""Organizations: the SCPs and RCPs of each level from the root down to an account, and which account manages it."""

from collections.abc import Mapping
from typing import Any

from undeny.aws.reader import Reader
from undeny.evidence import gaps
from undeny.evidence.model import Gap, Level, LevelSet, Policy

_API = "https://docs.aws.amazon.com/organizations/latest/APIReference/API_"
PERMISSIONS = {
    "organizations:DescribeOrganization": ("the organisation's id and management account", f"{_API}DescribeOrganization.html"),
    "organizations:ListParents": ("the way from the account up to the root", f"{_API}ListParents.html"),
    "organizations:ListRoots": ("which policy types are switched on", f"{_API}ListRoots.html"),
    "organizations:DescribeOrganizationalUnit": ("the name of a level", f"{_API}DescribeOrganizationalUnit.html"),
    "organizations:ListPoliciesForTarget": ("the SCPs and RCPs of each level", f"{_API}ListPoliciesForTarget.html"),
    "organizations:DescribePolicy": ("the text of an SCP or RCP", f"{_API}DescribePolicy.html"),
}
_TYPES = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}
_NOT_IN_USE = ("AWSOrganizationsNotInUseException",)
_DEEPEST = (
    8  # a root, five levels of OUs and the account: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
)


def organization(reader: Reader) -> Mapping[str, Any] | Gap | None:
    """Give the reader's own organisation (`Id`, `MasterAccountId`, ...), `None` where its account is in none."""
    answer = reader.call(
        "organizations",
        "describe_organization",
        action="organizations:DescribeOrganization",
        what=f"organization of {reader.me.account}",
        none=_NOT_IN_USE,
    )
    if not isinstance(answer, dict):
        return answer
    found: Mapping[str, Any] = answer["Organization"]
    return found


def levels(reader: Reader, kind: str, account: str) -> LevelSet:
    """Give the levels over `account` with their policies of `kind` (`scp` or `rcp`); `()` where the account is in no organisation.

    Only the management account and its delegates may read them; that a reader's own account is in none says nothing of another.
    """
    own = organization(reader)
    if own is None:
        return (
            ()
            if account == reader.me.account
            else reader.gap(gaps.organization(kind, account, f"read from {reader.me.account}, which is in no organisation"))
        )
    path = _path(reader, kind, account)
    if isinstance(path, Gap):
        return path
    found = tuple(level(reader, kind, target) for target in path)
    return () if _switched_off(reader, kind) and all(one.policies == () for one in found) else found


def _path(reader: Reader, kind: str, account: str) -> tuple[str, ...] | Gap:
    path = [account]
    while not path[0].startswith("r-"):
        if len(path) > _DEEPEST:
            return reader.gap(gaps.organization(kind, account, "the organisation's tree has no end"))
        what = gaps.organization(kind, account).what
        none = ("ChildNotFoundException", *_NOT_IN_USE)
        answer = reader.call("organizations", "list_parents", action="organizations:ListParents", what=what, none=none, ChildId=path[0])
        if answer is None or (isinstance(answer, dict) and not answer.get("Parents")):
            return reader.gap(gaps.organization(kind, account, f"{account} is not in the organisation of {reader.me.account}"))
        if isinstance(answer, Gap):
            return answer
        path.insert(0, answer["Parents"][0]["Id"])
    return tuple(path)


def _switched_off(reader: Reader, kind: str) -> bool:
    answer = reader.call("organizations", "list_roots", action="organizations:ListRoots", what="policy types of the organisation's root")
    if not isinstance(answer, dict) or not answer.get("Roots"):
        return False
    return not any(on["Type"] == _TYPES[kind] and on["Status"] == "ENABLED" for on in answer["Roots"][0].get("PolicyTypes", ()))


def level(reader: Reader, kind: str, target: str) -> Level:
    """Read one level."""
    what = gaps.organization(kind, target).what
    action = "organizations:ListPoliciesForTarget"
    parameters: dict[str, Any] = {"TargetId": target, "Filter": _TYPES[kind]}
    listed = reader.call("organizations", "list_policies_for_target", action=action, what=what, **parameters)
    name = _name(reader, target)
    if not isinstance(listed, dict):
        return Level(target=target, name=name, policies=listed or Gap(what=what))
    found: list[Policy] = []
    for policy in listed.get("Policies", ()):
        read = _policy(reader, policy, target)
        if isinstance(read, Gap):
            return Level(target=target, name=name, policies=read)
        found.append(read)
    return Level(target=target, name=name, policies=tuple(found))


def _policy(reader: Reader, listed: Mapping[str, Any], target: str) -> Policy | Gap:
    what, action = f"policy {listed['Name']} of {target}", "organizations:DescribePolicy"
    answer = reader.call("organizations", "describe_policy", action=action, what=what, PolicyId=listed["Id"])
    if not isinstance(answer, dict):
        return answer or Gap(what=what)
    return reader.policy(listed["Name"], answer["Policy"]["Content"], arn=listed["Arn"], attached_to=target, inline=False)


def _name(reader: Reader, target: str) -> str | None:
    if not target.startswith("ou-"):
        return None
    action = "organizations:DescribeOrganizationalUnit"
    answer = reader.call(
        "organizations", "describe_organizational_unit", action=action, what=f"name of {target}", OrganizationalUnitId=target
    )
    return answer["OrganizationalUnit"]["Name"] if isinstance(answer, dict) else None


def targets(reader: Reader, policy_id: str) -> tuple[str, ...]:
    """Give the levels that a policy is attached to: whom a change of it touches."""
    action = "organizations:ListTargetsForPolicy"
    answer = reader.call("organizations", "list_targets_for_policy", action=action, what=f"levels with {policy_id}", PolicyId=policy_id)
    return tuple(one["TargetId"] for one in answer.get("Targets", ())) if isinstance(answer, dict) else ()
