"""KMS: keys by id and alias, encryption context, grants."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.calls._behind import Call, Reason, beside
from undeny.calls._place import Place, folded
from undeny.calls.model import ContextValue, Request

SOURCE = "https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html"
CONTEXT = {
    "grantOperations": "kms:GrantOperations", "operations": "kms:GrantOperations", "granteePrincipal": "kms:GranteePrincipal",
    "retiringPrincipal": "kms:RetiringPrincipal", "keySpec": "kms:KeySpec", "customerMasterKeySpec": "kms:KeySpec",
    "keyUsage": "kms:KeyUsage", "origin": "kms:KeyOrigin", "multiRegion": "kms:MultiRegion",
    "bypassPolicyLockoutSafetyCheck": "kms:BypassPolicyLockoutSafetyCheck",
    "encryptionAlgorithm": "kms:EncryptionAlgorithm", "signingAlgorithm": "kms:SigningAlgorithm", "messageType": "kms:MessageType",
    "pendingWindowInDays": "kms:ScheduleKeyDeletionPendingWindowInDays", "replicaRegion": "kms:ReplicaRegion",
    "keyPairSpec": "kms:DataKeyPairSpec", "keyAgreementAlgorithm": "kms:KeyAgreementAlgorithm",
}  # fmt: skip
TAGGED = {"kms:CreateKey": "kms:TagResource", "kms:ReplicateKey": "kms:TagResource"}
ON_ALIAS_TOO = frozenset({"kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"})
LINKED_SOURCE = "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html"
LINKED = {
    "kms:ReplicateKey": ("mrk.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"),
    "kms:CreateCustomKeyStore": ("cks.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceCustomKeyStores"),
}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a key from its id or ARN. The key behind an alias is not known: permissions are on the key, not on the alias."""
    names = folded(parameters)
    side = {"kms:ReEncryptFrom": "sourcekeyid", "kms:ReEncryptTo": "destinationkeyid"}.get(action)
    key = names.get(side if side is not None else "keyid", names.get("targetkeyid"))
    if not isinstance(key, str) or "alias/" in key:
        return ""
    if key.startswith("arn:"):
        return key
    return None if place.region is None or place.account is None else f"arn:{place.partition}:kms:{place.region}:{place.account}:key/{key}"


def context(parameters: Mapping[str, Any]) -> dict[str, ContextValue]:
    """Give the keys of the encryption context, and the alias by which the key was named.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
    """
    names = folded(parameters)
    given = names.get("encryptioncontext")
    found: dict[str, ContextValue] = {}
    if isinstance(given, Mapping):
        found = {f"kms:EncryptionContext:{key}": str(value) for key, value in given.items()}
        found["kms:EncryptionContextKeys"] = tuple(str(key) for key in given)
    key = names.get("keyid")
    if isinstance(key, str) and "alias/" in key:
        found["kms:RequestAlias"] = key[key.index("alias/") :]
    return found


def hidden(call: Call) -> Iterator[Request]:
    """Give the second half of an alias's permissions: on the alias and on the key."""
    alias = call.fact("AliasName")
    if call.request.action in ON_ALIAS_TOO and isinstance(alias, str) and ":key/" in call.request.resource:
        yield beside(
            call, call.request.action, call.arn("kms", alias), Reason("aliases need permission on the alias and on the key", SOURCE)
        )
