"""AWS Secrets Manager: secrets by name or ARN, and the key behind one.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.iam.arn import Arn
from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal
from undeny.lab.services import _keys
from undeny.lab.services._generic import first, resource_tags, tag_keys
from undeny.lab.words import sentence, standard


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the secret, then on its key where the call reads or writes the value."""
    action = f"secretsmanager:{call.operation}"
    name = first(call.parameters, ("SecretId", "Name"))
    if not name:
        return (Asked(action=action, context=tag_keys(call.parameters)),)
    account, arn, secret = _secret(call, name)
    if secret is None:
        return (Asked(action=action, resource=arn, account=account, context=tag_keys(call.parameters)), *_new_key(call, arn))
    policy, tags = state.document(secret.policy), resource_tags(state.tags_of(secret.tags))
    context = tags | tag_keys(call.parameters) | {"secretsmanager:SecretId": secret.arn}
    if call.parameters.get("VersionStage"):
        context["secretsmanager:VersionStage"] = call.parameters["VersionStage"]
    return (Asked(action=action, resource=secret.arn, account=account, policy=policy, context=context), *_behind(call, account, secret))


def _secret(call: Call, name: str) -> tuple[str, str, Any]:
    arn = Arn.parse(name)
    account, region = (arn.account, arn.region) if arn else (str(call.caller.account), call.region)
    known = account in state.all_accounts("secretsmanager")
    found = state.backend("secretsmanager", account, region).secrets.get(name) if known else None
    return account, name if arn else f"arn:aws:secretsmanager:{region}:{account}:secret:{name}", found


def _behind(call: Call, account: str, secret: Any) -> list[Asked]:
    actions = {"GetSecretValue": ["kms:Decrypt"], "PutSecretValue": ["kms:GenerateDataKey", "kms:Decrypt"]}.get(call.operation, [])
    return _on_key(call, account, secret.kms_key_id, actions, secret.arn)


def _new_key(call: Call, arn: str) -> list[Asked]:
    actions = ["kms:GenerateDataKey", "kms:Decrypt"] if call.operation == "CreateSecret" else []
    return _on_key(call, str(call.caller.account), call.parameters.get("KmsKeyId"), actions, arn)


def _on_key(call: Call, account: str, key_id: str | None, actions: list[str], arn: str) -> list[Asked]:
    """Ask on a customer's key; AWS's own key lets everyone of the account in through the service."""
    key = state.key(key_id, account, call.region) if key_id else None
    return [] if key is None else [_keys.for_service(call, key, action, "secretsmanager", {"SecretARN": arn}) for action in actions]


def words(call: Call, refusal: Refusal) -> Fault:
    """Say one sentence for all that the key denies."""
    return standard(call, "Access to KMS is not allowed" if refusal.asked.via else sentence(call, refusal), refusal)
