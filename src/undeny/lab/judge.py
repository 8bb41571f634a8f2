"""One authorization request, decided by `definition.decide` over a scenario that is put together from moto's state."""

from collections.abc import Mapping
from typing import Any

from undeny import catalog
from undeny.lab import state
from undeny.lab.definition import decide
from undeny.lab.errors import UnanswerableError
from undeny.lab.model import Asked, Call, Refusal

ORDER = ("rcp", "scp", "endpoint", "resource", "identity", "boundary", "session", "scope_down")
"""The order in which AWS looks, and so names a layer where several block.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""
GLOBAL_SERVICES = ("iam", "organizations", "account", "route53", "cloudfront", "support", "budgets", "ce")
"""Services that answer from us-east-1 whatever Region the caller is in."""
WITH_ARN = ("scp", "rcp", "boundary", "identity")
"""Layers of which AWS tells the denying policy's ARN, where it has one.

https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns/
"""


def refusal(call: Call, asked: Asked) -> Refusal | None:
    """Decide one request: `None` where it is allowed; raises `UnanswerableError` where AWS documents no answer."""
    told = scenario(call, asked)
    decided = decide(told, catalog.rcp_services().prefixes)
    if decided["decision"] == "allowed":
        return None
    if decided["decision"] == "unknown":
        needs = "; ".join(decided.get("needs") or ()) or "AWS documents no answer"
        raise UnanswerableError(f"the lab cannot decide `{asked.action}` on `{asked.resource}`: {needs}")
    explicit = decided["decision"] == "explicitly_denied"
    layer = _denying(decided) if explicit else _missing(told, decided, call, asked)
    arn = _denying_policy(told, layer) if explicit and layer in WITH_ARN else None
    return Refusal(asked=asked, layer=layer, explicit=explicit, policy_arn=arn, scenario=told, decided=decided)


def scenario(call: Call, asked: Asked) -> dict[str, Any]:
    """Put the scenario of one request together, shaped as `undeny evaluate` reads them."""
    caller = call.caller
    owner = asked.account or (None if asked.resource == "*" else caller.account)
    things = dict(asked.things) | state.caller_thing(caller)
    for account in {caller.account, owner} - {None}:
        things |= state.account_settings(str(account))
    endpoint, seen = _endpoint(call)
    return {
        "id": call.request_id,
        "now": call.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "request": {
            "principal": caller.arn,
            "action": asked.action,
            "resource": asked.resource,
            "resource_account": owner,
            "context": context(call, asked, owner),
        },
        "policies": {
            "identity": state.identity_policies(caller),
            "boundary": state.boundary(caller),
            "session": None if caller.session_policies is None else [{"name": n, "policy": p} for n, p in caller.session_policies],
            "resource": asked.policy,
            "endpoint": endpoint,
            "scp": state.levels(caller.account, "SERVICE_CONTROL_POLICY"),
            "rcp": state.levels(owner, "RESOURCE_CONTROL_POLICY"),
        },
        "resources": things | seen,
    }


def context(call: Call, asked: Asked, owner: str | None) -> dict[str, str | list[str]]:
    """Give the condition keys of one request.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    caller = call.caller
    keys: dict[str, str | list[str]] = {"aws:RequestedRegion": "us-east-1" if call.service in GLOBAL_SERVICES else call.region}
    keys |= {"aws:ViaAWSService": "true"} if asked.via else _network(call)
    if agent := call.headers.get("user-agent"):
        keys["aws:UserAgent"] = agent
    if caller.account is not None:
        keys |= {"aws:userid": caller.unique_id} | {f"aws:PrincipalTag/{name}": value for name, value in caller.tags.items()}
        keys |= state.organization_keys(caller.account, "Principal")
    if caller.issuer and caller.kind == "role_session":
        keys["aws:PrincipalArn"] = caller.issuer
    if caller.issued:
        keys |= {"aws:TokenIssueTime": caller.issued.strftime("%Y-%m-%dT%H:%M:%SZ"), "aws:MultiFactorAuthPresent": "false"}
    if caller.source_identity:
        keys["aws:SourceIdentity"] = caller.source_identity
    return keys | state.organization_keys(owner, "Resource") | dict(asked.context)


def _network(call: Call) -> dict[str, str | list[str]]:
    if call.endpoint is None:
        return {"aws:SourceIp": call.source_ip}
    found = state.endpoint(call.endpoint)
    vpc = {"aws:SourceVpc": found.vpc_id} if found else {}
    return {"aws:SourceVpce": call.endpoint, "aws:VpcSourceIp": "10.0.1.17"} | vpc


def _endpoint(call: Call) -> tuple[list[dict[str, Any]] | None, dict[str, Any]]:
    """Give the endpoint's policy, and what the decision reads of the endpoint itself."""
    if call.endpoint is None:
        return None, {}
    found = state.endpoint(call.endpoint)
    if found is None:
        raise UnanswerableError(f"the lab has no VPC endpoint `{call.endpoint}`")
    policy = state.document(found.policy_document)
    thing = {"policy": policy, "settings": {"VpcEndpointType": found.vpc_endpoint_type, "VpcEndpointId": found.id, "VpcId": found.vpc_id}}
    return [{"name": found.id, "policy": policy}], {found.id: thing}


def _denying(decided: Mapping[str, Any]) -> str:
    return next(layer for layer in ORDER if decided["layers"].get(layer) == "explicitly_denied")


def _missing(told: Mapping[str, Any], decided: Mapping[str, Any], call: Call, asked: Asked) -> str:
    """Give the layer that AWS names for an implicit denial.

    Across accounts it names the resource's policy also where that only delegates to the caller's account
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and trials).
    """
    blocked = [layer for layer in ORDER if layer in decided["blocked_by"]]
    first = blocked[0] if blocked else "identity"
    cross = asked.account not in {None, call.caller.account}
    if first == "identity" and cross and asked.policy is not None and not _names_caller(told, call):
        return "resource"
    return first


def _names_caller(told: Mapping[str, Any], call: Call) -> bool:
    """Whether the resource's policy would let the caller in by itself, were both in one account."""
    request = dict(told["request"]) | {"resource_account": call.caller.account}
    alone = dict(told["policies"]) | {"identity": [], "boundary": None, "session": None, "scp": [], "rcp": [], "endpoint": None}
    return bool(decide({**told, "request": request, "policies": alone})["layers"]["resource"] == "allowed") and _is_entity(
        alone["resource"], call
    )


def _is_entity(policy: Any, call: Call) -> bool:
    names = {call.caller.arn, call.caller.issuer}
    text = str(policy)
    return any(name is not None and f"'{name}'" in text for name in names)


def _denying_policy(told: Mapping[str, Any], layer: str) -> str | None:
    """Give the ARN of the policy that denies: the one that alone denies as well."""
    policies = told["policies"]
    if layer in {"scp", "rcp"}:
        tries = [(p, [{"target": level["target"], "policies": [p]}]) for level in policies[layer] for p in level["policies"]]
    else:
        tries = [(p, [p]) for p in policies[layer] or ()]
    for policy, alone in tries:
        if (
            decide({**told, "policies": {**policies, layer: alone}}, catalog.rcp_services().prefixes)["layers"][layer]
            == "explicitly_denied"
        ):
            arn: str | None = policy["arn"]
            return arn
    return None
