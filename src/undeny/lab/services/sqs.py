"""Amazon SQS: queues by URL, actions in lower case in its texts.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal
from undeny.lab.services._generic import resource_tags, tag_keys
from undeny.lab.words import sentence, standard

DATA_EVENTS = frozenset(
    {
        "SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch",
    }
)  # fmt: skip
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html"""


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the queue; a batch needs the action of its single operation."""
    action, account, name = f"sqs:{call.operation.removesuffix('Batch')}", *_queue(call)
    if name is None:
        return (Asked(action=action, resource=f"arn:aws:sqs:{call.region}:{call.caller.account}:*"),)
    arn = f"arn:aws:sqs:{call.region}:{account}:{name}"
    queue = state.backend("sqs", account, call.region).queues.get(name) if account in state.all_accounts("sqs") else None
    policy = state.document(queue.policy) if queue is not None else None
    tags = resource_tags(queue.tags) if queue is not None else {}
    return (Asked(action=action, resource=arn, account=account, policy=policy, context=tags | tag_keys(call.parameters)),)


def _queue(call: Call) -> tuple[str, str | None]:
    mine = str(call.caller.account)
    if url := call.parameters.get("QueueUrl"):
        account, _, name = urlsplit(url).path.strip("/").rpartition("/")
        return account or mine, name
    return call.parameters.get("QueueOwnerAWSAccountId") or mine, call.parameters.get("QueueName")


def words(call: Call, refusal: Refusal) -> Fault:
    """Say the action in lower case."""
    return standard(call, sentence(call, refusal, action=refusal.asked.action.lower()), refusal)


def resources(call: Call) -> list[dict[str, Any]]:
    """Give the `resources` of a trail event."""
    account, name = _queue(call)
    arn = f"arn:aws:sqs:{call.region}:{account}:{name}"
    return [{"accountId": account, "type": "AWS::SQS::Queue", "ARN": arn}] if name else []
