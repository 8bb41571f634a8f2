"""KMS requests, the caller's own and those that a service makes on its behalf."""

from collections.abc import Mapping
from typing import Any

from undeny.lab import state
from undeny.lab.model import Asked, Call
from undeny.lab.services._generic import resource_tags


def of_key(call: Call, key: Any, action: str, encryption_context: Mapping[str, str] | None = None, **given: Any) -> Asked:
    """Ask for one action on one key; `given` are further fields of `Asked`.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    """
    context: dict[str, str | list[str]] = {f"kms:EncryptionContext:{name}": value for name, value in (encryption_context or {}).items()}
    if encryption_context:
        context["kms:EncryptionContextKeys"] = list(encryption_context)
    if call.caller.account:
        context["kms:CallerAccount"] = call.caller.account
    tags = state.backend("kms", key.account_id, key.region).list_resource_tags(key.arn).get("Tags", ())
    context |= resource_tags({tag["TagKey"]: tag["TagValue"] for tag in tags})
    context |= given.pop("context", {})
    things = {key.arn: {"policy": state.document(key.policy), "settings": settings(key)}}
    return Asked(action=action, resource=key.arn, account=key.account_id, policy=policy(key), context=context, things=things, **given)


def for_service(call: Call, key: Any, action: str, service: str, encryption_context: Mapping[str, str]) -> Asked:
    """Ask for what a service does with a key on the caller's behalf.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    via = f"{service}.{key.region}.amazonaws.com"
    operation = action.removeprefix("kms:")
    return of_key(
        call, key, action, encryption_context, context={"kms:ViaService": via}, via=f"{service}.amazonaws.com", operation=operation
    )


def tail(call: Call) -> str:
    """Give the tail that SQS and SNS put behind what KMS said to them.

    https://github.com/aws/aws-cdk/issues/24337
    """
    return f"(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: {call.request_id}; Proxy: null)"


def policy(key: Any) -> Mapping[str, Any] | None:
    """Give a key's policy; AWS writes that of its own keys: the account's principals, through that service only.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
    """
    service = managed_for(key)
    if service is None:
        return state.document(key.policy)
    via = {"kms:CallerAccount": key.account_id, "kms:ViaService": f"{service}.{key.region}.amazonaws.com"}
    use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"]
    read = ["kms:Describe*", "kms:Get*", "kms:List*"]
    root = {"AWS": f"arn:aws:iam::{key.account_id}:root"}
    return {
        "Version": "2012-10-17",
        "Id": f"auto-{service}-2",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": use, "Resource": "*", "Condition": {"StringEquals": via}},
            {"Effect": "Allow", "Principal": root, "Action": read, "Resource": "*"},
        ],
    }


def managed_for(key: Any) -> str | None:
    """Give the service whose AWS managed key this is; `None` for a customer's key."""
    alias = next((name for name in key.aliases if name.startswith("alias/aws/")), None)
    return None if alias is None else alias.removeprefix("alias/aws/")


def settings(key: Any) -> dict[str, Any]:
    """Give a key's facts as DescribeKey and ListGrants name them."""
    manager = "CUSTOMER" if managed_for(key) is None else "AWS"
    return {"KeyState": key.key_state, "KeyManager": manager, "Grants": [grant.to_json() for grant in key.grants.values()]}
