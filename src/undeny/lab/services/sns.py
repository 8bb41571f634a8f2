"""Amazon SNS: topics by ARN, and a code of its own.

https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from undeny.iam.arn import Arn
from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal
from undeny.lab.services import _keys
from undeny.lab.services._generic import first, resource_tags, tag_keys
from undeny.lab.words import sentence

DATA_EVENTS = frozenset({"Publish", "PublishBatch"})
"""https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html"""


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the topic; of a subscription, on its topic."""
    action = f"sns:{call.operation.removesuffix('Batch')}"
    arn = Arn.parse(_topic(call) or "")
    if arn is None:
        name = call.parameters.get("Name") or "*"
        return (
            Asked(action=action, resource=f"arn:aws:sns:{call.region}:{call.caller.account}:{name}", context=tag_keys(call.parameters)),
        )
    known = arn.account in state.all_accounts("sns")
    topic = state.backend("sns", arn.account, arn.region).topics.get(str(arn)) if known else None
    context: dict[str, str | list[str]] = {**tag_keys(call.parameters)}
    context |= {f"sns:{name}": call.parameters[name] for name in ("Protocol", "Endpoint") if call.parameters.get(name)}
    context |= resource_tags(getattr(topic, "_tags", {}))
    policy = state.document(topic.policy) if topic is not None else None
    own = Asked(action=action, resource=str(arn), account=arn.account, policy=policy, context=context)
    return (own, *_behind(call, arn, topic))


def _behind(call: Call, arn: Arn, topic: Any) -> list[Asked]:
    """Ask on the topic's key, for whoever publishes.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    key_id = getattr(topic, "kms_master_key_id", None)
    key = state.key(key_id, arn.account, arn.region) if key_id and call.operation.startswith("Publish") else None
    actions = ("kms:GenerateDataKey", "kms:Decrypt")
    return [] if key is None else [_keys.for_service(call, key, action, "sns", {"aws:sns:topicArn": str(arn)}) for action in actions]


def _topic(call: Call) -> str | None:
    arn: str | None = first(call.parameters, ("TopicArn", "TargetArn", "ResourceArn", "SubscriptionArn"))
    read = Arn.parse(arn or "")
    if read is None or not call.parameters.get("SubscriptionArn") or ":" not in read.resource:
        return arn
    return str(msgspec.structs.replace(read, resource=read.resource_type))


def words(call: Call, refusal: Refusal) -> Fault:
    """Say `AuthorizationError`, and the prefix in upper case; of what its key denies, nothing but that.

    https://github.com/aws-samples/aws-secure-environment-accelerator/pull/971
    """
    if refusal.asked.via:
        return Fault(code="KMSAccessDenied", status=400, message=f"null {_keys.tail(call)}", event_code="KMSAccessDenied", refusal=refusal)
    said = sentence(call, refusal, action=refusal.asked.action.replace("sns:", "SNS:"))
    return Fault(code="AuthorizationError", status=403, message=said, event_code="AccessDenied", refusal=refusal)


def resources(call: Call) -> list[dict[str, Any]]:
    """Give the `resources` of a trail event."""
    arn = Arn.parse(_topic(call) or "")
    return [{"accountId": arn.account, "type": "AWS::SNS::Topic", "ARN": str(arn)}] if arn else []
