"""The event pattern of an EventBridge rule for the same calls, and whether an event fits it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from collections.abc import Mapping
from typing import Any

from undeny.guard.model import Clause, Watch
from undeny.guard.pattern import ABSENT, value_at
from undeny.iam import wildcard

KINDS = ("AWS API Call via CloudTrail",)
"""https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html"""
STATE = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
"""Without it a refused read never reaches a rule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html"""


def write(watch: Watch) -> dict[str, Any]:
    """Write the pattern of a watch."""
    detail: dict[str, Any] = {}
    for clause in watch.clauses:
        *parents, last = clause.field.split(".")
        held = detail
        for name in parents:
            held = held.setdefault(name, {})
        held.setdefault(last, []).extend(_filters(clause))
    return {"detail-type": list(KINDS), "detail": detail}


def _filters(clause: Clause) -> list[Any]:
    if clause.operator == "not exists":
        return [{"exists": False}]
    if clause.operator == "!=":
        return [{"anything-but": {"suffix": value.lstrip("*")}} for value in clause.values if value.startswith("*")][:1]
    return [_filter(value) for value in clause.values]


def _filter(value: str) -> Any:
    body = value.strip("*")
    if "*" in body or (value.startswith("*") and value.endswith("*")):
        return {"wildcard": value}
    if value.endswith("*"):
        return {"prefix": body}
    return {"suffix": body} if value.startswith("*") else value


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether an event fits a pattern as `write` makes them."""
    return all(_fits(wanted, (name,), event) for name, wanted in pattern.items())


def _fits(wanted: Any, path: tuple[str, ...], event: Mapping[str, Any]) -> bool:
    if isinstance(wanted, Mapping):
        return all(_fits(inner, (*path, name), event) for name, inner in wanted.items())
    held = value_at(event, path)
    return any(_passes(one, held) for one in wanted)


def _passes(one: Any, held: Any) -> bool:
    if isinstance(one, str):
        return bool(held == one)
    ((kind, value),) = one.items()
    if kind == "exists":
        return (held is not ABSENT) is value
    if not isinstance(held, str):
        return False
    if kind == "anything-but":
        return not held.endswith(value["suffix"])
    return wildcard.matches({"prefix": f"{value}*", "suffix": f"*{value}", "wildcard": value}[kind], held)
