"""A decoded authorization message: what `aws sts decode-authorization-message` prints, or the message inside it."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.denial.decoded import denial_of_message
from undeny.denial.model import Denial
from undeny.denial.record import is_message

SOURCE = "https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html"
EXAMPLES = (
    {
        "allowed": False,
        "explicitDeny": False,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": "AIDAEXAMPLE", "name": "dev", "arn": "arn:aws:iam::111122223333:user/dev"},
            "action": "ec2:StopInstances",
            "resource": "arn:aws:ec2:us-east-1:111122223333:instance/i-0abc",
            "conditions": {"items": [{"key": "ec2:Region", "values": {"items": [{"value": "us-east-1"}]}}]},
        },
    },
    {"DecodedMessage": '{"allowed":false,"explicitDeny":true,"context":{"action":"ec2:RunInstances","resource":"*"}}'},
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know the message, or the answer that holds it as a text."""
    return is_message(value) or isinstance(value.get("DecodedMessage"), str)


def read(value: Mapping[str, Any]) -> Iterator[Denial | str | None]:
    """Give the denial that the message tells of; none where the request was allowed."""
    if "DecodedMessage" in value:
        yield value["DecodedMessage"]
    elif not value.get("allowed"):
        yield denial_of_message(value)
