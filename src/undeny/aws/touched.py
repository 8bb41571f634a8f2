"""Whom else a change touches: who may assume the role, who uses the key, what goes through the endpoint, which accounts an SCP binds."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.aws.reader import Answer, Reader
from undeny.aws.targets import Standing
from undeny.errors import UndenyError
from undeny.fix.model import PolicyEdit, SettingEdit
from undeny.iam import document
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

MOST = 12
"""Names of one kind that are told; the rest is counted."""
_DEEPEST = 6


def touched(reader: Reader, edit: PolicyEdit | SettingEdit, held: Standing) -> tuple[str, ...]:
    """Give whom else the edit touches, as lines; what could not be read is said as such, never left out as if there were nobody."""
    kind = held.place.kind
    if kind == "managed":
        return tuple(one for one in held.shared if not _is_target(one, edit.target))
    if kind == "trust":
        return (*_named(held.text, edit.target, "may assume it"), *_users(reader, held.place.names["RoleName"]))
    if kind == "inline" and "RoleName" in held.place.names:
        return _users(reader, held.place.names["RoleName"])
    if kind == "key":
        return (*_named(held.text, edit.target, "is named in its policy"), *_of_key(reader, edit.target, held.place.region))
    if kind == "endpoint":
        return _of_endpoint(reader, held)
    if kind == "organization":
        return _bound(reader, held)
    if isinstance(edit, PolicyEdit) and edit.layer == "resource":
        return _named(held.text, edit.target, "is named in its policy")
    return ()


def _is_target(shared: str, target: str) -> bool:
    name = (Principal.parse(target).name or target).rpartition("/")[2]
    return shared.endswith(f" {name}") or shared == target


def _named(text: str | None, target: str, how: str) -> tuple[str, ...]:
    """Give the principals that a document lets in, but for the thing's own account."""
    if text is None:
        return ()
    try:
        told = document.read(text).data
    except UndenyError:
        return ()
    own = Arn.parse(target)
    statements = told.get("Statement", []) if isinstance(told, Mapping) else []
    found: dict[str, None] = {}
    for one in statements if isinstance(statements, list | tuple) else [statements]:
        if isinstance(one, Mapping) and one.get("Effect") == "Allow":
            found |= dict.fromkeys(_principals(one.get("Principal")))
    others = [who for who in found if not _own_account(who, own)]
    return tuple(f"{who} {how}" for who in _few(others))


def _principals(element: Any) -> Iterator[str]:
    if isinstance(element, str):
        yield "everybody" if element == "*" else element
    for kind, held in element.items() if isinstance(element, Mapping) else ():
        for one in held if isinstance(held, list | tuple) else [held]:
            yield "everybody" if one == "*" and kind == "AWS" else str(one)


def _own_account(who: str, own: Arn | None) -> bool:
    parsed = Principal.parse(who)
    return parsed.kind == "root" and own is not None and parsed.account == own.account


def _few(names: list[str]) -> list[str]:
    return names if len(names) <= MOST else [*names[:MOST], f"{len(names) - MOST} more"]


def _users(reader: Reader, role: str) -> tuple[str, ...]:
    """Give what runs as the role: instance profiles, and when it was last used."""
    names: dict[str, Any] = {"RoleName": role}
    what = f"who uses role {role}"
    answer = reader.call("iam", "list_instance_profiles_for_role", action="iam:ListInstanceProfilesForRole", what=what, **names)
    profiles = [str(one["InstanceProfileName"]) for one in answer.get("InstanceProfiles", ())] if isinstance(answer, dict) else []
    lines = [f"instances with profile {name}" for name in _few(profiles)]
    held = reader.call("iam", "get_role", action="iam:GetRole", what=what, none=("NoSuchEntity",), **names)
    used = held["Role"].get("RoleLastUsed", {}) if isinstance(held, dict) else {}
    if used.get("LastUsedDate"):
        lines.append(f"role {role} was last used {used['LastUsedDate']:%Y-%m-%d %H:%M} UTC in {used.get('Region', 'a Region not said')}")
    return (*lines, *(_unread(what, answer)))


def _of_key(reader: Reader, key: str, region: str | None) -> tuple[str, ...]:
    asked: dict[str, Any] = {"region": region, "KeyId": key}
    grants = reader.call("kms", "list_grants", action="kms:ListGrants", what=f"grants of {key}", **asked)
    aliases = reader.call("kms", "list_aliases", action="kms:ListAliases", what=f"aliases of {key}", **asked)
    granted = list(dict.fromkeys(str(one["GranteePrincipal"]) for one in _of(grants, "Grants") if one.get("GranteePrincipal")))
    named = [str(one["AliasName"]) for one in _of(aliases, "Aliases")]
    lines = [f"{who} has a grant" for who in _few(granted)] + [f"what is encrypted under {name}" for name in _few(named)]
    return (*lines, *_unread(f"grants of {key}", grants))


def _of_endpoint(reader: Reader, held: Standing) -> tuple[str, ...]:
    told = endpoint_facts(reader, str(held.place.names["VpcEndpointId"]), held.place.region)
    if told is None:
        return ("what goes through the endpoint could not be read (ec2:DescribeVpcEndpoints)",)
    lines = [f"every call from {told.get('VpcId', 'its VPC')} to {told.get('ServiceName', 'the service')}"]
    for field, word in (("RouteTableIds", "route tables"), ("SubnetIds", "subnets")):
        if told.get(field):
            lines.append(f"{word} {', '.join(_few(list(told[field])))}")
    if private_dns(told):
        lines.append("every name of the service in that VPC: private DNS is on")
    return tuple(lines)


def private_dns(facts: Answer) -> bool:
    """Tell whether the service's names in the VPC lead through an endpoint: a gateway goes by routes.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    return facts.get("VpcEndpointType") != "Gateway" and bool(facts.get("PrivateDnsEnabled"))


def endpoint_facts(reader: Reader, endpoint: str, region: str | None) -> Answer | None:
    """Give AWS's description of an endpoint, `None` where it could not be read."""
    asked: dict[str, Any] = {"region": region, "VpcEndpointIds": [endpoint]}
    answer = reader.call("ec2", "describe_vpc_endpoints", action="ec2:DescribeVpcEndpoints", what=f"endpoint {endpoint}", **asked)
    return next(iter(_of(answer, "VpcEndpoints")), None)


def _bound(reader: Reader, held: Standing) -> tuple[str, ...]:
    """Give the levels that the policy is attached to, and how many accounts are below each."""
    lines = []
    for target in held.shared:
        if not target.startswith(("r-", "ou-")):
            lines.append(f"account {target}")
            continue
        below = _accounts(reader, target, _DEEPEST)
        lines.append(f"{target}: " + ("its accounts could not be read" if below is None else _count(below)))
    return tuple(lines) or ("the levels that it is attached to could not be read (organizations:ListTargetsForPolicy)",)


def _count(accounts: list[str]) -> str:
    many = f"{len(accounts)} account{'' if len(accounts) == 1 else 's'}"
    return f"{many} ({', '.join(_few(accounts))})" if accounts else many


def _accounts(reader: Reader, parent: str, deeper: int) -> list[str] | None:
    asked: dict[str, Any] = {"ParentId": parent}
    what = f"accounts below {parent}"
    own = reader.call("organizations", "list_accounts_for_parent", action="organizations:ListAccountsForParent", what=what, **asked)
    action = "organizations:ListOrganizationalUnitsForParent"
    units = reader.call("organizations", "list_organizational_units_for_parent", action=action, what=what, **asked)
    if not isinstance(own, dict) or not isinstance(units, dict) or deeper == 0:
        return None
    found = [str(one["Id"]) for one in own.get("Accounts", ())]
    for unit in units.get("OrganizationalUnits", ()):
        below = _accounts(reader, unit["Id"], deeper - 1)
        if below is None:
            return None
        found += below
    return found


def _of(answer: Any, field: str) -> Any:
    return answer.get(field, ()) if isinstance(answer, dict) else ()


def _unread(what: str, answer: Any) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield f"{what} could not be read"
