"""IAM: resources by name, and what moto leaves out: unique ids as AWS writes them, boundaries of users.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.lab import state
from undeny.lab.definition import decide
from undeny.lab.model import Asked, Call, Caller, Reply
from undeny.lab.services._generic import first, resource_tags, tag_keys
from undeny.lab.services._pass import pass_role

NAMED = {"RoleName": "role", "UserName": "user", "GroupName": "group", "InstanceProfileName": "instance-profile"}
ARNS = ("PolicyArn", "OpenIDConnectProviderArn", "SAMLProviderArn")
LISTS = {"ListRoles": "role/", "ListUsers": "user/", "ListGroups": "group/", "ListInstanceProfiles": "instance-profile/"}
ATTACH = {"AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy", "DetachRolePolicy", "DetachUserPolicy", "DetachGroupPolicy"}


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the thing that the call names; a call about users without a name is about the caller."""
    resource, label = _resource(call)
    own = Asked(action=f"iam:{call.operation}", resource=resource, label=label, context=_context(call))
    if call.operation != "AddRoleToInstanceProfile":
        return (own,)
    role = state.role(str(call.caller.account), call.parameters.get("RoleName", ""))
    return (own, pass_role(role.arn, "ec2.amazonaws.com")) if role else (own,)


def _resource(call: Call) -> tuple[str, str | None]:
    account, given = str(call.caller.account), call.parameters
    if call.operation in LISTS:
        return f"arn:aws:iam::{account}:{LISTS[call.operation]}", None
    if call.operation == "CreatePolicy":
        return f"arn:aws:iam::{account}:policy{given.get('Path') or '/'}{given['PolicyName']}", f"policy {given['PolicyName']}"
    names = [name for name in NAMED if given.get(name)]
    if names and not (call.operation in ATTACH and "PolicyArn" in names):
        return _named(call, names[-1] if call.operation == "AddUserToGroup" else names[0])
    if arn := first(given, ARNS):
        return arn, f"policy {arn}" if ":policy/" in arn else None
    if call.operation.endswith(("User", "AccessKey", "AccessKeys", "UserPolicies", "UserPolicy")) and call.caller.kind == "user":
        return call.caller.arn, f"user {call.caller.name}"
    return "*", None


def _named(call: Call, parameter: str) -> tuple[str, str | None]:
    """Give ARN and spelling: IAM names what exists by its name (`role App`), what is to be made by its ARN."""
    account, kind, name = str(call.caller.account), NAMED[parameter], call.parameters[parameter]
    found = {"role": state.role, "user": state.user}.get(kind, _other(kind))(account, name)
    if found is not None:
        return found.arn, f"{kind.replace('-', ' ')} {name}"
    path = call.parameters.get("Path") or "/"
    creates = call.operation.startswith("Create")
    return f"arn:aws:iam::{account}:{kind}{path}{name}", None if creates else f"{kind.replace('-', ' ')} {name}"


def _other(kind: str) -> Any:
    def find(account: str, name: str) -> Any:
        iam = state.backend("iam", account)
        things = iam.groups if kind == "group" else iam.instance_profiles
        return next((thing for thing in things.values() if thing.name == name), None)

    return find


def _context(call: Call) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {**tag_keys(call.parameters)}
    if call.operation in ATTACH and call.parameters.get("PolicyArn"):
        found["iam:PolicyARN"] = call.parameters["PolicyArn"]
    name = call.parameters.get("RoleName") or call.parameters.get("UserName")
    kind = "role_session" if call.parameters.get("RoleName") else "user"
    finder = state.role if kind == "role_session" else state.user
    thing = finder(str(call.caller.account), name) if name else None
    if thing is not None:
        found |= resource_tags(state.caller_tags(str(call.caller.account), thing.name, kind))
    limit = call.parameters.get("PermissionsBoundary") or getattr(thing, "permissions_boundary_arn", None)
    limit = limit or (state.user_boundaries.get(thing.arn) if thing is not None else None)
    return found | ({"iam:PermissionsBoundary": limit} if limit else {})


def _user_of(call: Call) -> Any:
    return state.user(str(call.caller.account), call.parameters.get("UserName") or call.caller.name or "")


def _after_create_user(call: Call, reply: Reply) -> Reply:
    """Give the user an id as AWS writes it, and its boundary."""
    user = _user_of(call)
    if user is None or reply.status >= 300:
        return reply
    if call.parameters.get("PermissionsBoundary"):
        state.user_boundaries[user.arn] = call.parameters["PermissionsBoundary"]
    old, user.id = user.id, state.unique_id("AIDA", user.account_id)
    return Reply(status=reply.status, headers=reply.headers, body=reply.body.replace(old.encode(), user.id.encode()))


def _get_user(_lab: Any, call: Call) -> dict[str, Any] | None:
    """Answer for users with a boundary, which moto does not keep."""
    user = _user_of(call)
    limit = None if user is None else state.user_boundaries.get(user.arn)
    if limit is None:
        return None
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": limit}
    tags = [{"Key": name, "Value": value} for name, value in state.caller_tags(user.account_id, user.name, "user").items()]
    made = {"Path": user.path, "UserName": user.name, "UserId": user.id, "Arn": user.arn, "CreateDate": user.create_date}
    return {"User": made | {"PermissionsBoundary": boundary, "Tags": tags}}


def _put_boundary(_lab: Any, call: Call) -> dict[str, Any] | None:
    user = _user_of(call)
    if user is None:
        return None
    state.user_boundaries[user.arn] = call.parameters["PermissionsBoundary"]
    return {}


def _delete_boundary(_lab: Any, call: Call) -> dict[str, Any] | None:
    user = _user_of(call)
    if user is None:
        return None
    state.user_boundaries.pop(user.arn, None)
    return {}


def _simulate(_lab: Any, call: Call) -> dict[str, Any]:
    """Answer as the simulator does: identity policies, boundary and SCPs, these without their conditions; no trust policies.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
    """
    arn = call.parameters["PolicySourceArn"]
    name = arn.rpartition("/")[2]
    kind: Any = "role_session" if ":role/" in arn else "user"
    caller = Caller(kind=kind, arn=arn, account=str(call.caller.account), unique_id="", name=name)
    given = {entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in call.parameters.get("ContextEntries") or ()}
    results = [_simulated(caller, action, resource, given) for action in call.parameters["ActionNames"]
               for resource in call.parameters.get("ResourceArns") or ["*"]]  # fmt: skip
    return {"EvaluationResults": results, "IsTruncated": False}


def _simulated(caller: Caller, action: str, resource: str, given: dict[str, Any]) -> dict[str, Any]:
    scps = state.levels(caller.account, "SERVICE_CONTROL_POLICY")
    for level in scps:
        for policy in level["policies"]:
            policy["policy"] = {**policy["policy"], "Statement": [_bare(one) for one in policy["policy"]["Statement"]]}
    policies: dict[str, Any] = {"identity": state.identity_policies(caller), "boundary": state.boundary(caller), "scp": scps, "rcp": []}
    policies |= {"session": None, "endpoint": None, "resource": None}
    request = {"principal": caller.arn, "action": action, "resource": resource, "resource_account": caller.account, "context": given}
    words = {"allowed": "allowed", "explicitly_denied": "explicitDeny"}
    decision = decide({"id": "x", "request": request, "policies": policies})["decision"]
    told = {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": words.get(decision, "implicitDeny")}
    return told | {"MatchedStatements": [], "MissingContextValues": []}


def _bare(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name != "Condition"}


AFTER = {"CreateUser": _after_create_user}
ANSWERS = {
    "GetUser": _get_user,
    "SimulatePrincipalPolicy": _simulate,
    "PutUserPermissionsBoundary": _put_boundary,
    "DeleteUserPermissionsBoundary": _delete_boundary,
}
