"""EventBridge: an event bus's policy and its key."""

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "events"
PERMISSIONS = {
    "events:DescribeEventBus": (
        "the event bus's policy and key",
        "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html",
    ),
}
_KEPT = ("Name", "KmsKeyIdentifier")


def thing(arn: Arn) -> str | None:
    """Give the event bus."""
    return str(arn) if arn.resource_type == "event-bus" and "*" not in arn.resource else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read an event bus."""
    text = str(arn)
    answer = reader.call(
        "events",
        "describe_event_bus",
        action="events:DescribeEventBus",
        what=f"resource policy of {text}",
        none=("ResourceNotFoundException",),
        region=arn.region,
        Name=arn.resource.partition("/")[2],
    )
    if answer is None:
        return Resource(arn=text, policy=None, exists=False)
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer)
    policy = reader.policy("event bus policy", answer["Policy"], attached_to=text) if answer.get("Policy") else None
    return Resource(arn=text, policy=policy, settings={key: answer[key] for key in _KEPT if answer.get(key)}, exists=True)
