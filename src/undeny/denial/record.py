"""AWS's own record of one denial, as AWS gave it: authorization details, or an encoded message decoded; and how to read either.

https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/API_GetRequestAuthorizationDetails.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

CHECKS: Mapping[str, str] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
    "VPC_ENDPOINT": "endpoint",
    "RESOURCE": "resource",
    "PRINCIPAL": "identity",
    "PERMISSIONS_BOUNDARY": "boundary",
    "SESSION": "session",
}
"""The types of checks, as layers of a verdict."""
KINDS: Mapping[str, str] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
    "VPC_ENDPOINT_POLICY": "endpoint",
    "RESOURCE_BASED_POLICY": "resource",
    "IDENTITY_BASED_POLICY": "identity",
    "PERMISSIONS_BOUNDARY": "boundary",
    "SESSION_POLICY": "session",
}
"""The types of policies, as layers of a verdict."""
EFFECTS: Mapping[str, str] = {
    "ALLOW": "allowed",
    "EXPLICIT_DENY": "explicitly_denied",
    "IMPLICIT_DENY": "implicitly_denied",
    "NO_IMPACT": "no_impact",
}


ENCODED = "what the encoded authorization message says"


def to_decode(message: str) -> str:
    """Give the exact command that decodes a message, for whoever may: it takes one permission, in the account whose caller was denied."""
    command = f"aws sts decode-authorization-message --encoded-message {message} --query DecodedMessage --output text"
    return f"{command}  # needs sts:DecodeAuthorizationMessage in the account whose caller was denied"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement that AWS checked. `target` is the organisation's root, unit or account of an SCP or RCP; `kinds` are layers.

    `statements` are the statements that matched, each with the policy's uri, its sid and its effect.
    """

    layer: str
    effect: str
    target: str | None = None
    kinds: tuple[str, ...] = ()
    statements: tuple[tuple[str, str, str], ...] = ()


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """How AWS decided one action on one resource."""

    action: str
    resource: str
    effect: str
    checks: tuple[Check, ...] = ()


class RecordedPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that AWS evaluated. `document` is what it said at the denial, `None` where that was not read."""

    layer: str
    uri: str
    inline: bool | None
    attached_to: tuple[str, ...]
    source: Mapping[str, str]
    document: Mapping[str, Any] | None

    @property
    def arn(self) -> str | None:
        """The policy's ARN; an inline one has none."""
        return self.uri if self.uri.startswith("arn:") and not self.inline else None

    @property
    def is_grant(self) -> bool:
        """Whether it stands for a grant of a key, which is no document that anyone wrote."""
        return "grantId" in self.source


class Matched(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that an encoded message names as matched."""

    sid: str | None
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


def is_details(record: Mapping[str, Any]) -> bool:
    """Know authorization details by their evaluations."""
    return isinstance(record.get("evaluations"), list | tuple)


def is_message(record: Mapping[str, Any]) -> bool:
    """Know a decoded message by what it says of the decision."""
    return isinstance(record.get("explicitDeny"), bool) and isinstance(record.get("context"), Mapping)


def evaluations(record: Mapping[str, Any]) -> tuple[Evaluation, ...]:
    """Give the evaluations of authorization details, the denied ones first. Only `checks` are read: `matchedPolicies` is deprecated."""
    found = [_evaluation(one) for one in mappings(record.get("evaluations")) if one.get("evaluatedEffect") in EFFECTS]
    return tuple(sorted(found, key=lambda one: one.effect == "allowed"))


def _evaluation(one: Mapping[str, Any]) -> Evaluation:
    checks = tuple(_check(check) for check in mappings(one.get("checks")) if check.get("checkType") in CHECKS)
    return Evaluation(
        action=str(one.get("action") or ""),
        resource=str(one.get("resource") or ""),
        effect=EFFECTS[one["evaluatedEffect"]],
        checks=checks,
    )


def _check(check: Mapping[str, Any]) -> Check:
    matched = [
        (str(policy.get("uri") or ""), str(statement.get("sid") or ""), str(statement.get("evaluatedEffect") or ""))
        for policy in mappings(check.get("matchedPolicies"))
        for statement in mappings(policy.get("matchedStatements")) or ({},)
    ]
    return Check(
        layer=CHECKS[check["checkType"]],
        effect=EFFECTS.get(str(check.get("evaluatedEffect")), "no_impact"),
        target=check["targetArn"] if isinstance(check.get("targetArn"), str) else None,
        kinds=tuple(KINDS[kind] for kind in check.get("relevantPolicyTypes") or () if kind in KINDS),
        statements=tuple(matched),
    )


def policies(record: Mapping[str, Any]) -> tuple[RecordedPolicy, ...]:
    """Give the policies that AWS evaluated, once each; `policyDocument` beside one is its document."""
    found = {str(one.get("uri")): one for one in mappings(record.get("policies")) if one.get("type") in KINDS and one.get("uri")}
    return tuple(_policy(uri, one) for uri, one in found.items())


def _policy(uri: str, one: Mapping[str, Any]) -> RecordedPolicy:
    source, document = one.get("policySource"), one.get("policyDocument")
    return RecordedPolicy(
        layer=KINDS[one["type"]],
        uri=uri,
        inline=one["inline"] if isinstance(one.get("inline"), bool) else None,
        attached_to=tuple(str(to["arn"]) for to in mappings(one.get("attachedTo")) if to.get("arn")),
        source={str(key): str(value) for key, value in source.items()} if isinstance(source, Mapping) else {},
        document=document if isinstance(document, Mapping) else None,
    )


def matched(record: Mapping[str, Any]) -> tuple[Matched, ...]:
    """Give the statements that a decoded message names: those that denied, or allowed, the request."""
    held = record.get("matchedStatements")
    return tuple(
        Matched(
            sid=str(one["statementId"]) if one.get("statementId") else None,
            effect=str(one.get("effect") or ""),
            actions=_values(one.get("actions")),
            resources=_values(one.get("resources")),
        )
        for one in mappings(held.get("items") if isinstance(held, Mapping) else held)
    )


def _values(held: object) -> tuple[str, ...]:
    items = held.get("items") if isinstance(held, Mapping) else held
    return tuple(str(one["value"]) for one in mappings(items) if one.get("value") is not None)


def mappings(value: object) -> tuple[Mapping[str, Any], ...]:
    """Give the mappings of a list; nothing where it is none."""
    return tuple(one for one in value if isinstance(one, Mapping)) if isinstance(value, list | tuple) else ()


def message_context(record: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the condition keys of a decoded message with their values; AWS's own working values are among them."""
    context = record.get("context")
    conditions = context.get("conditions") if isinstance(context, Mapping) else None
    for item in mappings(conditions.get("items") if isinstance(conditions, Mapping) else None):
        values = _values(item.get("values"))
        if values and isinstance(item.get("key"), str):
            yield item["key"], values
