"""AWS KMS: the key's policy is the root of trust, and a ciphertext names its key.

https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

from collections.abc import Iterable
from typing import Any

from moto.kms.utils import _deserialize_ciphertext_blob  # the only reader of moto's ciphertexts

from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal
from undeny.lab.services import _keys
from undeny.lab.services._generic import tag_keys
from undeny.lab.words import sentence, standard

ANY_KEY = ("CreateKey", "ListKeys", "ListAliases", "GenerateRandom", "ListRetirableGrants", "DescribeCustomKeyStores")


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the key that the call names, or that its ciphertext names."""
    if call.operation in ANY_KEY:
        return (Asked(action=f"kms:{call.operation}", context=tag_keys(call.parameters)),)
    if call.operation == "ReEncrypt":
        pairs = [(_from_ciphertext(call), "kms:ReEncryptFrom"), (_key(call, "DestinationKeyId"), "kms:ReEncryptTo")]
    elif call.operation == "Decrypt":
        pairs = [(_key(call, "KeyId") or _from_ciphertext(call), "kms:Decrypt")]
    else:
        pairs = [(_key(call, "KeyId") or _key(call, "TargetKeyId") or _key(call, "AliasName"), f"kms:{call.operation}")]
    context = call.parameters.get("EncryptionContext")
    on_keys = [_keys.of_key(call, key, action, context, context=_grant(call)) for key, action in pairs if key is not None]
    return (*on_keys, *_alias(call))


def _key(call: Call, parameter: str) -> Any:
    name = call.parameters.get(parameter)
    return state.key(name, str(call.caller.account), call.region) if name else None


def _from_ciphertext(call: Call) -> Any:
    blob = call.parameters.get("CiphertextBlob")
    key_id = _deserialize_ciphertext_blob(blob).key_id if blob and len(blob) > 64 else None
    accounts = state.all_accounts("kms")
    return next((found for account in accounts if (found := state.key(key_id, account, call.region))), None) if key_id else None


def _alias(call: Call) -> list[Asked]:
    if call.operation not in {"CreateAlias", "UpdateAlias", "DeleteAlias"}:
        return []
    arn = f"arn:aws:kms:{call.region}:{call.caller.account}:{call.parameters['AliasName']}"
    return [Asked(action=f"kms:{call.operation}", resource=arn)]


def _grant(call: Call) -> dict[str, str | list[str]]:
    if call.operation != "CreateGrant":
        return {}
    found: dict[str, str | list[str]] = {"kms:GrantIsForAWSResource": "false", "kms:GrantOperations": call.parameters.get("Operations", [])}
    return found | {"kms:GranteePrincipal": call.parameters.get("GranteePrincipal", "")}


def words(call: Call, refusal: Refusal) -> Fault:
    """Say nothing of the key where only the ciphertext named it.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
    """
    if call.operation == "Decrypt" and not call.parameters.get("KeyId") and refusal.asked.account != call.caller.account:
        hidden = "does not exist, does not exist in this region, or you are not allowed to access"
        return standard(call, f"The ciphertext refers to a customer master key that {hidden}.", refusal)
    return standard(call, sentence(call, refusal), refusal)


def resources(call: Call) -> list[dict[str, Any]]:
    """Give the `resources` of a trail event."""
    key = _key(call, "KeyId") or (_from_ciphertext(call) if call.operation == "Decrypt" else None)
    return [] if key is None else [{"accountId": key.account_id, "type": "AWS::KMS::Key", "ARN": key.arn}]
