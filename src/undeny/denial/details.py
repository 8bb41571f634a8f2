"""An authorization-details document: context keys as they were, and each evaluation with the checks that denied.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny import catalog
from undeny.denial.build import built
from undeny.denial.found import Facts
from undeny.denial.model import Denial, Kind, PolicyType
from undeny.denial.record import mappings
from undeny.denial.secrets import mask, mask_value
from undeny.iam import arn as arns

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
    record = mask_value(document)
    for evaluation in mappings(document.get("evaluations")):
        if evaluation.get("evaluatedEffect") in KINDS:
            yield built({**facts_of(document, evaluation), "record": record, "wrapper": "authorization_details"})


def context_of(value: object) -> dict[str, tuple[str, ...]]:
    """Give context keys with their values, one or several, as tuples of texts."""
    found: dict[str, tuple[str, ...]] = {}
    for key, item in value.items() if isinstance(value, Mapping) else ():
        items = item if isinstance(item, list | tuple) else (item,)
        texts = tuple(mask(text) for text in map(_word, items) if text is not None)
        if texts:
            found[str(key)] = texts
    return found


def facts_of(document: Mapping[str, Any], evaluation: Mapping[str, Any]) -> Facts:
    """Give what one evaluation says, with the context of the whole request, as fields of a denial."""
    context = context_of(document.get("requestContext")) | context_of(evaluation.get("context"))
    folded = {key.lower(): values[0] for key, values in context.items()}
    action, resource = evaluation.get("action"), evaluation.get("resource")
    facts: Facts = {
        "action": catalog.canonical(action) if isinstance(action, str) and action else None,
        "resource": resource if isinstance(resource, str) and resource else None,
        "principal": _principal(folded.get("aws:principalarn"), folded.get("aws:userid")),
        "account": folded.get("aws:principalaccount"),
        "region": folded.get("aws:requestedregion"),
        "source_ip": folded.get("aws:sourceip") or folded.get("aws:vpcsourceip"),
        "vpc_endpoint_id": folded.get("aws:sourcevpce"),
        "user_agent": folded.get("aws:useragent"),
        "authorization_id": _word(document.get("authorizationId")),
        "context": context,
        "kind": KINDS.get(str(evaluation.get("evaluatedEffect"))),
    }
    return {name: value for name, value in (facts | _denier(evaluation)).items() if value is not None}


def _principal(arn: str | None, userid: str | None) -> str | None:
    """Give the caller: aws:PrincipalArn is a session's role, and aws:userid tells the session behind a colon.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-userid
    """
    parsed = arns.parse(arn or "")
    _, colon, session = (userid or "").partition(":")
    if parsed is None or parsed.resource_type != "role" or not colon or not session:
        return arn
    return f"arn:{parsed.partition}:sts::{parsed.account}:assumed-role/{parsed.name.rpartition('/')[2]}/{session}"


def _denier(evaluation: Mapping[str, Any]) -> Facts:
    """Give the type and ARN of the policy that denied: the first check with the evaluation's own effect."""
    for check in mappings(evaluation.get("checks")):
        if check.get("evaluatedEffect") != evaluation.get("evaluatedEffect"):
            continue
        matched = [_word(policy.get("uri")) for policy in mappings(check.get("matchedPolicies"))]
        arn = matched[0] if matched and (matched[0] or "").startswith("arn:") else None
        return {"policy_type": TYPES.get(str(check.get("checkType"))), "policy_arn": arn}
    return {}


def _word(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) and value != "" else None
