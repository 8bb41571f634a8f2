"""IAM: the policies that a role or user has, inline, attached and through groups; its boundary; a role's trust policy."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.aws.held import Held
from undeny.aws.keys import plain
from undeny.aws.reader import Reader
from undeny.evidence import gaps
from undeny.evidence.model import Gap, Policy, PolicySet, Resource
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

SERVICE = "iam"
_API = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_"
PERMISSIONS = {
    "iam:GetRole": ("the role's trust policy, its boundary, its id, tags and time of creation", f"{_API}GetRole.html"),
    "iam:ListRolePolicies": ("the names of a role's inline policies", f"{_API}ListRolePolicies.html"),
    "iam:GetRolePolicy": ("a role's inline policy", f"{_API}GetRolePolicy.html"),
    "iam:ListAttachedRolePolicies": ("the managed policies attached to a role", f"{_API}ListAttachedRolePolicies.html"),
    "iam:GetUser": ("a user's boundary, id and tags", f"{_API}GetUser.html"),
    "iam:ListUserPolicies": ("the names of a user's inline policies", f"{_API}ListUserPolicies.html"),
    "iam:GetUserPolicy": ("a user's inline policy", f"{_API}GetUserPolicy.html"),
    "iam:ListAttachedUserPolicies": ("the managed policies attached to a user", f"{_API}ListAttachedUserPolicies.html"),
    "iam:ListGroupsForUser": ("the groups whose policies a user has", f"{_API}ListGroupsForUser.html"),
    "iam:ListGroupPolicies": ("the names of a group's inline policies", f"{_API}ListGroupPolicies.html"),
    "iam:GetGroupPolicy": ("a group's inline policy", f"{_API}GetGroupPolicy.html"),
    "iam:ListAttachedGroupPolicies": ("the managed policies attached to a group", f"{_API}ListAttachedGroupPolicies.html"),
    "iam:GetPolicy": ("which version of a managed policy is the default, and since when", f"{_API}GetPolicy.html"),
    "iam:GetPolicyVersion": ("the text of a managed policy", f"{_API}GetPolicyVersion.html"),
}
ACCOUNT_PERMISSIONS = {
    "iam:GetAccountAuthorizationDetails": (
        "every role, user, group and policy of the account at once",
        f"{_API}GetAccountAuthorizationDetails.html",
    ),
}
_KEPT = ("Path", "RoleName", "RoleId", "UserName", "UserId", "CreateDate", "MaxSessionDuration", "Tags", "PermissionsBoundary")
_OF_ROLE = ("iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies")
_OF_USER = (
    *("iam:GetUser", "iam:ListUserPolicies", "iam:GetUserPolicy", "iam:ListAttachedUserPolicies", "iam:ListGroupsForUser"),
    *("iam:ListGroupPolicies", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies"),
)
_MANAGED = ("iam:GetPolicy", "iam:GetPolicyVersion")


def thing(arn: Arn) -> str | None:
    """Give the ARN of what `read` reads: roles alone have a policy of their own."""
    return str(arn) if arn.resource_type == "role" else None


def planned(arn: Arn) -> tuple[str, ...]:
    """Give the actions that `read` uses for a role that is assumed or passed."""
    return ("iam:GetRole",) if arn.resource_type == "role" else ()


def planned_caller(principal: Principal) -> tuple[str, ...]:
    """Give the actions that `caller` uses, all of which a principal with every kind of policy needs."""
    if principal.kind in ("role", "role_session"):
        return (*_OF_ROLE, *_MANAGED)
    return (*_OF_USER, *_MANAGED) if principal.kind == "user" else ()


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a role as a thing: its trust policy and its facts."""
    text = str(arn)
    answer = reader.call(
        "iam", "get_role", action="iam:GetRole", what=f"role trust policy of {text}", none=("NoSuchEntity",), RoleName=arn.name
    )
    if answer is None:
        return Resource(arn=text, policy=None, exists=False)
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer)
    return _role(reader, answer["Role"])


def caller(reader: Reader, principal: Principal) -> tuple[Held, Resource | None]:
    """Read whose policies a caller has: a role's (for its sessions too) or a user's; beside them the role as a thing."""
    if principal.kind in ("role", "role_session"):
        return _as_role(reader, principal)
    return _as_user(reader, principal), None


def _as_role(reader: Reader, principal: Principal) -> tuple[Held, Resource | None]:
    name, arn = principal.name or "", principal.role_arn or principal.text
    answer = reader.call("iam", "get_role", action="iam:GetRole", what=f"role trust policy of {arn}", none=("NoSuchEntity",), RoleName=name)
    thing_ = _role(reader, answer["Role"]) if isinstance(answer, dict) else None
    if answer is None:
        gone = reader.gap(Gap(what=f"identity policies of {arn}", why="there is no such role now"))
        return Held(arn=None, identity=gone, boundary=gone), Resource(arn=arn, policy=None, exists=False)
    identity = of_holder(reader, "role", name, thing_.arn if thing_ else arn)
    boundary = answer if isinstance(answer, Gap) else _boundary(reader, answer["Role"], arn)
    return Held(
        arn=thing_.arn if thing_ else None, identity=identity, boundary=boundary, settings=thing_.settings if thing_ else {}
    ), thing_


def _as_user(reader: Reader, principal: Principal) -> Held:
    name, arn = (principal.name or "").rpartition("/")[2], principal.text
    answer = reader.call(
        "iam", "get_user", action="iam:GetUser", what=f"permissions boundary of {arn}", none=("NoSuchEntity",), UserName=name
    )
    if answer is None:
        gone = reader.gap(Gap(what=f"identity policies of {arn}", why="there is no such user now"))
        return Held(arn=None, identity=gone, boundary=gone)
    identity = _joined(of_holder(reader, "user", name, arn), _groups(reader, name, arn))
    if isinstance(answer, Gap):
        return Held(arn=None, identity=identity, boundary=answer)
    user = answer["User"]
    return Held(arn=user["Arn"], identity=identity, boundary=_boundary(reader, user, arn), settings=_settings(user))


def _role(reader: Reader, role: Mapping[str, Any]) -> Resource:
    reader.changed("CreateRole", role["Arn"], role.get("CreateDate"))
    policy = reader.policy("trust policy", role["AssumeRolePolicyDocument"], attached_to=role["Arn"])
    return Resource(arn=role["Arn"], policy=policy, settings=_settings(role), exists=True)


def _settings(holder: Mapping[str, Any]) -> dict[str, Any]:
    return {key: plain(holder[key]) for key in _KEPT if key in holder}


def _groups(reader: Reader, user: str, arn: str) -> PolicySet:
    what = f"groups of {arn}"
    answer = reader.call("iam", "list_groups_for_user", action="iam:ListGroupsForUser", what=what, UserName=user)
    if not isinstance(answer, dict):
        return answer or ()
    return _joined((), *(of_holder(reader, "group", group["GroupName"], group["Arn"]) for group in answer.get("Groups", ())))


def _joined(*sets: PolicySet) -> PolicySet:
    """Join the policies of several holders; one that was not read leaves the whole layer open."""
    out: list[Policy] = []
    for held in sets:
        if isinstance(held, Gap):
            return held
        out.extend(held or ())
    return tuple(out)


def of_holder(reader: Reader, kind: str, name: str, arn: str) -> PolicySet:
    """Read the policies of one role, user or group (`kind`), not those that a user has through groups."""
    return _joined(_whole(_inline(reader, kind, name, arn)), _whole(_attached(reader, kind, name, arn)))


def _whole(found: Iterator[Policy | Gap]) -> tuple[Policy, ...] | Gap:
    """Give all policies, or the first gap among them: a layer is read whole or not."""
    out = []
    for item in found:
        if isinstance(item, Gap):
            return item
        out.append(item)
    return tuple(out)


def _inline(reader: Reader, kind: str, name: str, arn: str) -> Iterator[Policy | Gap]:
    Kind, what = kind.title(), f"identity policies of {arn}"  # noqa: N806 - the word as IAM's operations and parameters spell it
    listed = reader.call(
        "iam", f"list_{kind}_policies", action=f"iam:List{Kind}Policies", what=what, **dict[str, Any]({f"{Kind}Name": name})
    )
    if not isinstance(listed, dict):
        yield listed or Gap(what=what)
        return
    for policy in listed.get("PolicyNames", ()):
        what = f"inline policy {policy} of {arn}"
        parameters: dict[str, Any] = {f"{Kind}Name": name, "PolicyName": policy}
        answer = reader.call("iam", f"get_{kind}_policy", action=f"iam:Get{Kind}Policy", what=what, none=("NoSuchEntity",), **parameters)
        if answer is None:
            continue  # deleted between the two calls
        if isinstance(answer, Gap):
            yield answer
            return
        yield reader.policy(policy, answer["PolicyDocument"], attached_to=arn, inline=True)


def _attached(reader: Reader, kind: str, name: str, arn: str) -> Iterator[Policy | Gap]:
    Kind, what = kind.title(), f"identity policies of {arn}"  # noqa: N806 - the word as IAM's operations and parameters spell it
    action = f"iam:ListAttached{Kind}Policies"
    parameters: dict[str, Any] = {f"{Kind}Name": name}
    listed = reader.call("iam", f"list_attached_{kind}_policies", action=action, what=what, **parameters)
    if not isinstance(listed, dict):
        yield listed or Gap(what=what)
        return
    for policy in listed.get("AttachedPolicies", ()):
        yield managed(reader, policy["PolicyArn"], attached_to=arn)


def managed(reader: Reader, policy_arn: str, *, attached_to: str | None = None) -> Policy | Gap:
    """Read the default version of a managed policy."""
    what = f"policy {policy_arn}"
    answer = reader.call("iam", "get_policy", action="iam:GetPolicy", what=what, PolicyArn=policy_arn)
    if not isinstance(answer, dict):
        return answer or Gap(what=what)
    version = answer["Policy"]["DefaultVersionId"]
    parameters: dict[str, Any] = {"PolicyArn": policy_arn, "VersionId": version}
    found = reader.call("iam", "get_policy_version", action="iam:GetPolicyVersion", what=what, **parameters)
    if not isinstance(found, dict):
        return found or Gap(what=what)
    text, name = found["PolicyVersion"]["Document"], answer["Policy"]["PolicyName"]
    reader.changed("CreatePolicyVersion", policy_arn, found["PolicyVersion"].get("CreateDate"))
    return reader.policy(name, text, arn=policy_arn, attached_to=attached_to, inline=False)


def _boundary(reader: Reader, holder: Mapping[str, Any], arn: str) -> PolicySet:
    attached = holder.get("PermissionsBoundary")
    if not attached:
        return None
    policy = managed(reader, attached["PermissionsBoundaryArn"], attached_to=arn)
    return gaps.boundary(arn, policy.why) if isinstance(policy, Gap) else (policy,)
