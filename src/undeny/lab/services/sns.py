"""Amazon SNS: topics by ARN, and a code of its own.

https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.iam.arn import Arn
from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal
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
    return (Asked(action=action, resource=str(arn), account=arn.account, policy=policy, context=context),)


def _topic(call: Call) -> str | None:
    arn: str | None = first(call.parameters, ("TopicArn", "TargetArn", "ResourceArn", "SubscriptionArn"))
    parts = (arn or "").split("/")[0]
    return parts[: parts.rindex(":")] if arn and call.parameters.get("SubscriptionArn") and parts.count(":") > 5 else arn


def words(call: Call, refusal: Refusal) -> Fault:
    """Say `AuthorizationError`, and the prefix in upper case."""
    said = sentence(call, refusal, action=refusal.asked.action.replace("sns:", "SNS:"))
    return Fault(code="AuthorizationError", status=403, message=said, event_code="AccessDenied", refusal=refusal)


def resources(call: Call) -> list[dict[str, Any]]:
    """Give the `resources` of a trail event."""
    arn = Arn.parse(_topic(call) or "")
    return [{"accountId": arn.account, "type": "AWS::SNS::Topic", "ARN": str(arn)}] if arn else []
