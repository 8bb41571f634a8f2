"""A self-contained scenario: its event, else its text."""

from collections.abc import Iterator, Mapping
from typing import Any

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
EXAMPLES = ({"id": "x", "text": "AccessDenied: Access Denied", "policies": {}},)


def fits(value: Mapping[str, Any]) -> bool:
    """Know it by its request or policies beside what was seen."""
    return ("policies" in value or "request" in value) and (isinstance(value.get("event"), Mapping) or isinstance(value.get("text"), str))


def read(value: Mapping[str, Any]) -> Iterator[Any]:
    """Give what was seen."""
    yield value["event"] if isinstance(value.get("event"), Mapping) else value["text"]
