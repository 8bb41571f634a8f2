"""The caller of an event, and the context keys that the event proves.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import ipaddress
from collections.abc import Mapping
from typing import Any

from undeny.denial.found import Facts
from undeny.denial.secrets import text_of

_PEOPLE = frozenset({"IAMUser", "AssumedRole", "Root", "FederatedUser", "Role"})
_WITHOUT_ARN = frozenset({"AWSService", "AWSAccount", "WebIdentityUser", "SAMLUser", "IdentityCenterUser", "Unknown"})


def identity_facts(identity: Mapping[str, Any]) -> Facts:
    """Give principal, its type, account and issuer as far as the event tells."""
    kind, arn, account = text_of(identity.get("type")), text_of(identity.get("arn")), text_of(identity.get("accountId"))
    session = _mapping(identity.get("sessionContext"))
    issuer = _mapping(session.get("sessionIssuer"))
    facts: Facts = {
        "principal_type": kind,
        "principal": arn or _named(kind, identity),
        "account": next((one for one in (account, text_of(issuer.get("accountId"))) if one and len(one) == 12 and one.isdigit()), None),
        "session_issuer": text_of(issuer.get("arn")),
    }
    return {key: value for key, value in facts.items() if value is not None}


def context_of(event: Mapping[str, Any], identity: Mapping[str, Any], where: Facts) -> dict[str, tuple[str, ...]]:
    """Give the context keys that the event proves; what it does not tell is left out, never taken as absent."""
    found = {**_network(event, where), **_session(identity), **_caller(identity)}
    region = text_of(event.get("awsRegion"))
    if region:
        found["aws:RequestedRegion"] = region
    return {key: (value,) for key, value in found.items()}


def _named(kind: str | None, identity: Mapping[str, Any]) -> str | None:
    """Name a caller that has no ARN: a service, an account, the user of an identity provider."""
    if kind == "AWSService":
        return text_of(identity.get("invokedBy"))
    if kind == "AWSAccount":
        principal = text_of(identity.get("principalId"))
        if (principal and principal.lower() == "anonymous") or text_of(identity.get("accountId")) in {"anonymous", "ANONYMOUS_PRINCIPAL"}:
            return "anonymous"
        return principal if principal and principal[:4] in {"AROA", "AIDA"} else None
    if kind in _WITHOUT_ARN:
        provider = text_of(identity.get("identityProvider"))
        return provider if kind in {"WebIdentityUser", "SAMLUser"} else None
    return None


def _network(event: Mapping[str, Any], where: Facts) -> dict[str, str]:
    """Through a VPC endpoint the address is `aws:VpcSourceIp`; `aws:SourceIp` is not in the request then."""
    found: dict[str, str] = {}
    address, endpoint, agent = where.get("source_ip"), where.get("vpc_endpoint_id"), where.get("user_agent")
    if address and is_address(address):
        found["aws:VpcSourceIp" if endpoint else "aws:SourceIp"] = address
    if endpoint:
        found["aws:SourceVpce"] = endpoint
    if agent and not agent.endswith((".amazonaws.com", "AWS Internal")):
        found["aws:UserAgent"] = agent[1:-1] if agent.startswith("[") and agent.endswith("]") else agent
    if text_of(_mapping(event.get("tlsDetails")).get("tlsVersion")):
        found["aws:SecureTransport"] = "true"
    return found


def _session(identity: Mapping[str, Any]) -> dict[str, str]:
    session = _mapping(identity.get("sessionContext"))
    attributes = _mapping(session.get("attributes"))
    found: dict[str, str] = {}
    mfa = attributes.get("mfaAuthenticated")
    if str(mfa).lower() in {"true", "false"}:
        found["aws:MultiFactorAuthPresent"] = str(mfa).lower()
    created = text_of(attributes.get("creationDate"))
    if created:
        found["aws:TokenIssueTime"] = created
    source = text_of(session.get("sourceIdentity"))
    if source:
        found["aws:SourceIdentity"] = source
    provider = text_of(_mapping(session.get("webIdFederationData")).get("federatedProvider"))
    if provider:
        found["aws:FederatedProvider"] = provider
    delivery = session.get("ec2RoleDelivery")
    if isinstance(delivery, str) and delivery:
        found["ec2:RoleDelivery"] = delivery
    if str(session.get("assumedRoot")).lower() == "true":
        found["aws:AssumedRoot"] = "true"
    return found


def _caller(identity: Mapping[str, Any]) -> dict[str, str]:
    kind, found = text_of(identity.get("type")), {}
    principal, name = text_of(identity.get("principalId")), text_of(identity.get("userName"))
    if principal and kind in _PEOPLE:
        found["aws:userid"] = principal
    if name and kind == "IAMUser":
        found["aws:username"] = name
    return found


def is_address(text: str) -> bool:
    """Whether this is an IP address: CloudTrail also writes a service's name there."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
