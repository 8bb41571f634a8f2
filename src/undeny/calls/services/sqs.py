"""SQS: queues by URL, and the queue's KMS key."""

from collections.abc import Mapping
from typing import Any

from undeny.calls._place import Place, folded

SOURCE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html"
TAGGED = {"sqs:CreateQueue": "sqs:TagQueue"}
KEYS = {"sqs:SendMessage": ("GenerateDataKey", "Decrypt"), "sqs:ReceiveMessage": ("Decrypt",)}
KEY_FACTS = ("KmsMasterKeyId", "Attributes.KmsMasterKeyId")
KEY_WHY = "SQS encrypts and decrypts messages with the queue's key"
KEY_SOURCE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Turn a queue's URL or name into its ARN: https://sqs.REGION.amazonaws.com/ACCOUNT/NAME."""
    del action
    names = folded(parameters)
    url = names.get("queueurl")
    account, name, region = place.account, names.get("queuename"), place.region
    if isinstance(url, str) and url.count("/") >= 4:
        host = url.split("/")[2].split(".")
        account, name = url.split("/")[-2:]
        region = host[1] if host[0] == "sqs" and len(host) > 2 else host[0] if len(host) > 1 and host[1] == "queue" else region
    if not isinstance(name, str) or region is None or account is None:
        return None
    return f"arn:{place.partition}:sqs:{region}:{account}:{name}"
