"""SNS: a topic's policy and its key."""

from collections.abc import Iterator

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "sns"
PERMISSIONS = {
    "sns:GetTopicAttributes": (
        "the topic's policy, owner and key",
        "https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html",
    ),
}
ACCOUNT_PERMISSIONS = {
    "sns:ListTopics": ("the account's topics", "https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html"),
}
_KEPT = ("Owner", "KmsMasterKeyId", "DisplayName")


def thing(arn: Arn) -> str | None:
    """Give the topic; an ARN of a subscription ends in the subscription's id."""
    topic = Arn(
        partition=arn.partition, service_prefix="sns", region=arn.region, account=arn.account, resource=arn.resource.partition(":")[0]
    )
    return str(topic) if topic.resource != "*" else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a topic."""
    text = str(arn)
    answer = reader.call(
        "sns",
        "get_topic_attributes",
        action="sns:GetTopicAttributes",
        what=f"resource policy of {text}",
        none=("NotFound", "NotFoundException"),
        region=arn.region,
        TopicArn=text,
    )
    if answer is None:
        return Resource(arn=text, policy=None, exists=False)
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer)
    held = answer["Attributes"]
    policy = reader.policy("topic policy", held["Policy"], attached_to=text) if held.get("Policy") else None
    return Resource(arn=text, policy=policy, settings={key: held[key] for key in _KEPT if held.get(key)}, exists=True)


def every(reader: Reader) -> Iterator[Arn]:
    """List the topics of the reader's account and Region."""
    answer = reader.call("sns", "list_topics", action="sns:ListTopics", what="the account's topics")
    for one in answer.get("Topics", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(one["TopicArn"])
        if arn is not None:
            yield arn
