"""Amazon SQS: queues by URL, actions in lower case in its texts.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from undeny.lab import state
from undeny.lab.model import Asked, Call, Fault, Refusal
from undeny.lab.services import _keys
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
    own = Asked(action=action, resource=arn, account=account, policy=policy, context=tags | tag_keys(call.parameters))
    return (own, *_behind(call, account, arn, queue))


def _behind(call: Call, account: str, arn: str, queue: Any) -> list[Asked]:
    """Ask on the queue's key, for whoever sends or receives.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    sends, receives = ["kms:GenerateDataKey", "kms:Decrypt"], ["kms:Decrypt"]
    actions = {"SendMessage": sends, "SendMessageBatch": sends, "ReceiveMessage": receives}.get(call.operation, [])
    key_id = getattr(queue, "kms_master_key_id", None)
    key = state.key(key_id, account, call.region) if key_id and actions else None
    return [] if key is None else [_keys.for_service(call, key, action, "sqs", {"aws:sqs:arn": arn}) for action in actions]


def _queue(call: Call) -> tuple[str, str | None]:
    mine = str(call.caller.account)
    if url := call.parameters.get("QueueUrl"):
        account, _, name = urlsplit(url).path.strip("/").rpartition("/")
        return account or mine, name
    return call.parameters.get("QueueOwnerAWSAccountId") or mine, call.parameters.get("QueueName")


def words(call: Call, refusal: Refusal) -> Fault:
    """Say the action in lower case; what its key denies has a code of its own."""
    if refusal.asked.via:
        said = f"{sentence(call, refusal)} {_keys.tail(call)}"
        code, query = "KmsAccessDenied", "KMS.AccessDeniedException"
        return Fault(code=code, status=400, message=said, event_code=code, query_code=query, refusal=refusal)
    return standard(call, sentence(call, refusal, action=refusal.asked.action.lower()), refusal)


def resources(call: Call) -> list[dict[str, Any]]:
    """Give the `resources` of a trail event."""
    account, name = _queue(call)
    arn = f"arn:aws:sqs:{call.region}:{account}:{name}"
    return [{"accountId": account, "type": "AWS::SQS::Queue", "ARN": arn}] if name else []
