# ruff: noqa: N999 - the file is named as the SDK names the service
"""AWS Lambda: functions by name or ARN, the role that a function gets is passed.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from undeny.iam.arn import Arn
from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault
from undeny.lab.services._generic import resource_tags, tag_keys
from undeny.lab.services._pass import pass_role

DATA_EVENTS = frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream"})
"""https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html"""
ACTIONS = {"Invoke": "InvokeFunction", "InvokeAsync": "InvokeAsync", "InvokeWithResponseStream": "InvokeFunction"}


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the function, then for passing its role."""
    action = f"lambda:{ACTIONS.get(call.operation, call.operation)}"
    name = call.parameters.get("FunctionName") or call.parameters.get("ResourceArn")
    if not name:
        return (Asked(action=action),)
    account, arn = _function(call, name)
    found = _find(account, call.region, arn)
    policy = _policy(found)
    context = tag_keys(call.parameters) | (resource_tags(found.tags or {}) if found is not None else {})
    own = Asked(action=action, resource=arn, account=account, policy=policy, context=context)
    role = call.parameters.get("Role")
    return (own, pass_role(role, "lambda.amazonaws.com")) if role else (own,)


def _function(call: Call, name: str) -> tuple[str, str]:
    arn = Arn.parse(name)
    if arn is not None:
        return arn.account, str(arn)
    account, _, rest = name.rpartition(":function:")
    owner = account or str(call.caller.account)
    qualifier = f":{call.parameters['Qualifier']}" if call.parameters.get("Qualifier") else ""
    return owner, f"arn:aws:lambda:{call.region}:{owner}:function:{rest}{qualifier}"


def _find(account: str, region: str, arn: str) -> Any:
    if account not in state.all_accounts("lambda"):
        return None
    functions = state.backend("lambda", account, region).list_functions()
    return next((function for function in functions if arn == function.function_arn or arn.startswith(function.function_arn + ":")), None)


def _policy(function: Any) -> Any:
    """Give a function's whole policy: PutResourcePolicy's, which overwrites what AddPermission wrote, else that."""
    if function is None:
        return None
    if text := state.function_policies.get(function.function_arn):
        return state.document(text)
    return function.policy.get_policy()["Policy"] if function.policy.statements else None


def _get_policy(_lab: Any, call: Call) -> dict[str, Any] | Fault:
    account, arn = _function(call, call.parameters["ResourceArn"])
    policy = _policy(_find(account, call.region, arn))
    if policy is None:
        return Fault(code="ResourceNotFoundException", status=404, message=f"No policy is associated with the given resource {arn}.")
    text = state.function_policies.get(arn) or json.dumps(policy)
    return {"Policy": text, "RevisionId": str(uuid.uuid5(uuid.NAMESPACE_URL, text))}


def _put_policy(lab: Any, call: Call) -> dict[str, Any] | Fault:
    state.function_policies[call.parameters["ResourceArn"]] = call.parameters["Policy"]
    return _get_policy(lab, call)


def _delete_policy(_lab: Any, call: Call) -> dict[str, Any]:
    account, arn = _function(call, call.parameters["ResourceArn"])
    state.function_policies.pop(arn, None)
    if (found := _find(account, call.region, arn)) is not None:
        found.policy.statements.clear()
    return {}


ANSWERS = {"GetResourcePolicy": _get_policy, "PutResourcePolicy": _put_policy, "DeleteResourcePolicy": _delete_policy}
"""New in 2026-07, moto has none: https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html"""


def resources(call: Call) -> list[dict[str, Any]]:
    """Give the `resources` of a trail event."""
    name = call.parameters.get("FunctionName")
    if not name:
        return []
    account, arn = _function(call, name)
    return [{"accountId": account, "type": "AWS::Lambda::Function", "ARN": arn}]
