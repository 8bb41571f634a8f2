"""An authorization-details document: context keys as they were, and each evaluation with the checks that denied.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.denial.build import built
from undeny.denial.found import Facts
from undeny.denial.model import Denial, Kind, PolicyType
from undeny.denial.secrets import mask

KINDS: Mapping[str, Kind] = {"EXPLICIT_DENY": "explicit", "IMPLICIT_DENY": "implicit"}
TYPES: Mapping[str, PolicyType] = {
    "SERVICE_CONTROL_POLICY": "service_control",
    "RESOURCE_CONTROL_POLICY": "resource_control",
    "VPC_ENDPOINT": "vpc_endpoint",
    "RESOURCE": "resource_based",
    "PRINCIPAL": "identity_based",
    "PERMISSIONS_BOUNDARY": "permissions_boundary",
    "SESSION": "session",
}


def denial_of_details(document: Mapping[str, Any]) -> Iterator[Denial]:
    """Give a denial for each evaluation whose effect is a deny."""
    shared = context_of(document.get("requestContext"))
    for evaluation in document["evaluations"]:
        if not isinstance(evaluation, Mapping) or evaluation.get("evaluatedEffect") not in KINDS:
            continue
        context = shared | context_of(evaluation.get("context"))
        yield built(_facts(document, evaluation, context))


def context_of(value: object) -> dict[str, tuple[str, ...]]:
    """Give context keys with their values, one or several, as tuples of texts."""
    found: dict[str, tuple[str, ...]] = {}
    for key, item in value.items() if isinstance(value, Mapping) else ():
        items = item if isinstance(item, list | tuple) else (item,)
        texts = tuple(mask(text) for text in map(_word, items) if text is not None)
        if texts:
            found[str(key)] = texts
    return found


def _facts(document: Mapping[str, Any], evaluation: Mapping[str, Any], context: Mapping[str, tuple[str, ...]]) -> Facts:
    folded = {key.lower(): values[0] for key, values in context.items()}
    action, resource = evaluation.get("action"), evaluation.get("resource")
    facts: Facts = {
        "action": action if isinstance(action, str) else None,
        "resource": resource if isinstance(resource, str) else None,
        "principal": folded.get("aws:principalarn"),
        "account": folded.get("aws:principalaccount"),
        "region": folded.get("aws:requestedregion"),
        "source_ip": folded.get("aws:sourceip") or folded.get("aws:vpcsourceip"),
        "vpc_endpoint_id": folded.get("aws:sourcevpce"),
        "user_agent": folded.get("aws:useragent"),
        "authorization_id": _word(document.get("authorizationId")),
        "context": context,
        "kind": KINDS[evaluation["evaluatedEffect"]],
        "wrapper": "authorization_details",
    }
    return facts | _denier(evaluation)


def _denier(evaluation: Mapping[str, Any]) -> Facts:
    """Give the type and ARN of the policy that denied: the first check with the evaluation's own effect."""
    for check in evaluation.get("checks") or ():
        if not isinstance(check, Mapping) or check.get("evaluatedEffect") != evaluation["evaluatedEffect"]:
            continue
        matched = [_word(policy.get("uri")) for policy in check.get("matchedPolicies") or () if isinstance(policy, Mapping)]
        arn = matched[0] if matched and (matched[0] or "").startswith("arn:") else None
        return {"policy_type": TYPES.get(str(check.get("checkType"))), "policy_arn": arn}
    return {}


def _word(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) and value != "" else None
