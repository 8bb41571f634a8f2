"""What the guard function keeps and whom it tells: one DynamoDB table whose items expire, one SNS topic.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from undeny.aws.session import Session, client
from undeny.evidence.health import HealthEvent

SUBJECT = 100
"""Characters of a message's subject, plain ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A refused call as it is kept: what a page says of it, and what it is matched by."""

    prefix: str
    region: str | None
    at: datetime
    who: str
    what: str
    code: str
    summary: str
    account: str | None = None
    event_id: str | None = None
    request_id: str | None = None


class Table:
    """The table: events of AWS Health and refused calls by service, each until `expires` (seconds since 1970)."""

    def __init__(self, session: Session, name: str) -> None:
        self._client = client(session, "dynamodb")
        self._name = name

    def keep_event(self, event: HealthEvent, expires: int) -> bool:
        """Keep an event under each of its services; gives whether it was news: what was updated later stays."""
        updated = event.updated or event.start
        moment = str(int(updated.timestamp())) if updated else "0"
        kept = [self._keep_event(prefix, event, moment, expires) for prefix in event.prefixes]
        return any(kept)

    def _keep_event(self, prefix: str, event: HealthEvent, moment: str, expires: int) -> bool:
        item = {"pk": {"S": f"health#{prefix}"}, "sk": {"S": f"{event.region}#{event.arn}"}, "updated": {"N": moment}}
        return self._put(item | _rest(event, expires), "attribute_not_exists(updated) OR updated <= :updated", {":updated": {"N": moment}})

    def events(self, prefix: str) -> tuple[HealthEvent, ...]:
        """Give the kept events of a service, and those of several services at once."""
        held = [*self._query(f"health#{prefix}"), *self._query("health#multiple_services")]
        return tuple(msgspec.json.decode(one, type=HealthEvent) for one in held)

    def keep_refused(self, refused: Refused, expires: int) -> None:
        """Keep a refused call."""
        key = {"pk": {"S": f"refused#{refused.prefix}"}, "sk": {"S": f"{refused.at.isoformat()}#{refused.event_id or refused.request_id}"}}
        self._put(key | _rest(refused, expires))

    def refused(self, prefixes: Sequence[str], since: datetime) -> tuple[Refused, ...]:
        """Give the kept refused calls of services since a time."""
        held = [one for prefix in prefixes for one in self._query(f"refused#{prefix}", since.isoformat())]
        return tuple(msgspec.json.decode(one, type=Refused) for one in held)

    def claim(self, name: str, now: int, seconds: int) -> bool:
        """Take a name for some time; gives `False` where somebody has it: what two invocations find is paged once."""
        item = {"pk": {"S": f"page#{name}"}, "sk": {"S": "page"}, "expires": {"N": str(now + seconds)}}
        return self._put(item, "attribute_not_exists(pk) OR expires <= :now", {":now": {"N": str(now)}})

    def _put(self, item: dict[str, Any], condition: str | None = None, values: dict[str, Any] | None = None) -> bool:
        more = {"ConditionExpression": condition, "ExpressionAttributeValues": values} if condition else {}
        try:
            self._client.put_item(TableName=self._name, Item=item, **more)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _query(self, key: str, since: str = "") -> Iterator[str]:
        condition, values = "pk = :pk", {":pk": {"S": key}}
        if since:
            condition, values = f"{condition} AND sk >= :since", {**values, ":since": {"S": since}}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name, KeyConditionExpression=condition, ExpressionAttributeValues=values
        )
        for page in pages:
            yield from (item["body"]["S"] for item in page["Items"])


def _rest(value: Any, expires: int) -> dict[str, Any]:
    return {"body": {"S": msgspec.json.encode(value).decode()}, "expires": {"N": str(expires)}}


def tell(session: Session, topic: str, subject: str, text: str) -> None:
    """Send a page to a topic."""
    plain = subject.encode("ascii", "replace").decode().replace("\n", " ")[:SUBJECT]
    client(session, "sns").publish(TopicArn=topic, Subject=plain, Message=text)
