"""SQS: a queue's policy and its key."""

from collections.abc import Iterator

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "sqs"
_API = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_"
PERMISSIONS = {
    "sqs:GetQueueUrl": ("the queue's address", f"{_API}GetQueueUrl.html"),
    "sqs:GetQueueAttributes": ("the queue's policy and key", f"{_API}GetQueueAttributes.html"),
}
ACCOUNT_PERMISSIONS = {
    "sqs:ListQueues": ("the account's queues", f"{_API}ListQueues.html"),
}
_NAMES = ["Policy", "KmsMasterKeyId", "SqsManagedSseEnabled", "CreatedTimestamp", "LastModifiedTimestamp"]
_NONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def thing(arn: Arn) -> str | None:
    """Give the queue."""
    return str(arn) if arn.resource != "*" else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a queue."""
    text, what = str(arn), f"resource policy of {arn}"
    owner = {"QueueName": arn.resource, "QueueOwnerAWSAccountId": arn.account}
    found = reader.call("sqs", "get_queue_url", action="sqs:GetQueueUrl", what=what, none=_NONE, region=arn.region, **owner)
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    if isinstance(found, Gap):
        return Resource(arn=text, policy=found)
    url = {"QueueUrl": found["QueueUrl"], "AttributeNames": _NAMES}
    answer = reader.call("sqs", "get_queue_attributes", action="sqs:GetQueueAttributes", what=what, region=arn.region, **url)
    if not isinstance(answer, dict):
        return Resource(arn=text, policy=answer, exists=True)
    held = dict(answer.get("Attributes", {}))
    policy = held.pop("Policy", None)
    read_policy = reader.policy("queue policy", policy, attached_to=text) if policy else None
    return Resource(arn=text, policy=read_policy, settings=held | {"QueueUrl": found["QueueUrl"]}, exists=True)


def every(reader: Reader) -> Iterator[Arn]:
    """List the queues of the reader's account and Region."""
    answer = reader.call("sqs", "list_queues", action="sqs:ListQueues", what="the account's queues")
    for one in answer.get("QueueUrls", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(f"arn:{reader.partition}:sqs:{reader.region}:{reader.me.account}:{one.rpartition('/')[2]}")
        if arn is not None:
            yield arn
