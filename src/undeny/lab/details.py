"""What the lab records of a denial: AWS's authorization details, with every policy that was evaluated.

https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/API_GetRequestAuthorizationDetails.html
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from undeny import catalog
from undeny.iam.principal import Principal
from undeny.lab.definition import decide
from undeny.lab.model import Call, Refusal

CHECKS = {
    "rcp": ("RESOURCE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"),
    "scp": ("SERVICE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"),
    "endpoint": ("VPC_ENDPOINT", "VPC_ENDPOINT_POLICY"),
    "resource": ("RESOURCE", "RESOURCE_BASED_POLICY"),
    "identity": ("PRINCIPAL", "IDENTITY_BASED_POLICY"),
    "boundary": ("PERMISSIONS_BOUNDARY", "PERMISSIONS_BOUNDARY"),
    "session": ("SESSION", "SESSION_POLICY"),
}
"""Layers in AWS's order, with the type of their check and of their policies."""
_EFFECTS = {"allowed": "ALLOW", "explicitly_denied": "EXPLICIT_DENY", "implicitly_denied": "IMPLICIT_DENY"}


def recorded(call: Call, refused: Refusal) -> dict[str, Any]:
    """Give the details of a refusal, each policy with its document beside as `policyDocument`: the lab keeps both."""
    told = refused.scenario
    listed = _once(_policies(told, call))
    matched = {policy["uri"]: [dict(one) for one in policy.pop("matched")] for policy in listed}
    evaluation = {
        "action": refused.asked.action,
        "resource": refused.asked.resource,
        "evaluatedEffect": "EXPLICIT_DENY" if refused.explicit else "IMPLICIT_DENY",
        "checks": list(_checks(told, refused.decided, listed, matched)),
    }
    context = {key: list(value) if not isinstance(value, str) else value for key, value in told["request"]["context"].items()}
    principal = {"aws:PrincipalArn": call.caller.issuer or call.caller.arn, "aws:PrincipalAccount": call.caller.account}
    return {"requestContext": {**principal, **context}, "evaluations": [evaluation], "policies": listed}


def _once(policies: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each policy once, with all that it is attached to."""
    found: dict[str, dict[str, Any]] = {}
    for policy in policies:
        held = found.setdefault(policy["uri"], policy)
        held["attachedTo"] += [to for to in policy["attachedTo"] if to not in held["attachedTo"]]
    return list(found.values())


def _policies(told: Mapping[str, Any], call: Call) -> Iterator[dict[str, Any]]:
    policies, who = told["policies"], call.caller.issuer or call.caller.arn
    for layer, (_, kind) in CHECKS.items():
        held = policies[layer]
        if layer in {"scp", "rcp"}:
            for level in held:
                for policy in level["policies"]:
                    yield _policy(told, layer, kind, policy, _target(level["target"], call))
        elif layer == "resource" and held is not None:
            yield _policy(told, layer, kind, {"name": told["request"]["resource"], "policy": held}, _holder(told["request"]["resource"]))
        elif layer != "resource":
            for policy in held or ():
                yield _policy(told, layer, kind, policy, who)


def _holder(resource: str) -> str:
    """Give the thing whose policy it is: the bucket of an object."""
    return resource.partition("/")[0] if resource.startswith("arn:aws:s3:::") else resource


def _target(target: str, call: Call) -> str:
    kind = "root" if target.startswith("r-") else "ou" if target.startswith("ou-") else "account"
    return f"arn:aws:organizations::{call.caller.account}:{kind}/o-lab/{target}"


def _policy(told: Mapping[str, Any], layer: str, kind: str, policy: Mapping[str, Any], holder: str) -> dict[str, Any]:
    arn = policy.get("arn")
    uri = arn or "inline-" + hashlib.sha256(f"{layer} {policy['name']} {holder}".encode()).hexdigest()[:16]
    return {
        "type": kind,
        "inline": arn is None,
        "uri": uri,
        "attachedTo": [{"arn": holder}],
        "policyDocument": policy["policy"],
        "matched": list(_matched(told, layer, policy)),
    }


def _matched(told: Mapping[str, Any], layer: str, policy: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Give the statements of a policy that match: those that alone allow or deny."""
    statements = policy["policy"]["Statement"]
    for index, one in enumerate([statements] if isinstance(statements, Mapping) else statements):
        alone = {**policy["policy"], "Statement": [one]}
        if _layer(told, layer, alone, policy["name"]) == ("allowed" if one["Effect"] == "Allow" else "explicitly_denied"):
            yield {"sid": one.get("Sid") or f"Statement{index + 1}", "evaluatedEffect": one["Effect"].upper()}


def _layer(told: Mapping[str, Any], layer: str, document: Any, name: str) -> str:
    held: Any = [{"name": name, "policy": document}]
    if layer in {"scp", "rcp"}:
        held = [{"target": "level", "policies": held}]
    elif layer == "resource":
        held = document
    decided = decide({**told, "policies": {**told["policies"], layer: held}}, catalog.rcp_services().prefixes)
    return str(decided["layers"][layer])


def _checks(
    told: Mapping[str, Any], decided: Mapping[str, Any], listed: list[dict[str, Any]], matched: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    cross = told["request"]["resource_account"] not in {None, _account(told)}
    for layer, (check, kind) in CHECKS.items():
        outcome = decided["layers"].get(layer)
        of_kind = [policy for policy in listed if policy["type"] == kind]
        if outcome not in _EFFECTS or (layer == "resource" and not cross):
            continue
        if layer in {"scp", "rcp"}:
            for target in dict.fromkeys(to["arn"] for policy in of_kind for to in policy["attachedTo"]):
                at_level = [policy for policy in of_kind if {"arn": target} in policy["attachedTo"]]
                alone = [{"target": "level", "policies": [{"name": p["uri"], "policy": p["policyDocument"]} for p in at_level]}]
                there = decide({**told, "policies": {**told["policies"], layer: alone}}, catalog.rcp_services().prefixes)
                yield _check(check, _EFFECTS[there["layers"][layer]], at_level, matched, [kind]) | {"targetArn": target}
            continue
        kinds, known, effect = [kind], of_kind, _EFFECTS[outcome]
        resource = decided["layers"].get("resource")
        if layer == "identity" and not cross and resource in _EFFECTS:
            kinds.append("RESOURCE_BASED_POLICY")
            known = of_kind + [policy for policy in listed if policy["type"] == "RESOURCE_BASED_POLICY"]
            both = {outcome, resource}
            effect = next(_EFFECTS[one] for one in ("explicitly_denied", "allowed", "implicitly_denied") if one in both)
        yield _check(check, effect, known, matched, kinds)


def _account(told: Mapping[str, Any]) -> str:
    return Principal.parse(str(told["request"]["principal"])).account or ""


def _check(kind: str, effect: str, known: list[dict[str, Any]], matched: Mapping[str, Any], kinds: list[str]) -> dict[str, Any]:
    hits = [{"uri": policy["uri"], "matchedStatements": matched[policy["uri"]]} for policy in known if matched[policy["uri"]]]
    return {"checkType": kind, "evaluatedEffect": effect, "relevantPolicyTypes": kinds, "matchedPolicies": hits}
