"""An alarm on a denial as code; one format a file, found by its folder."""

from typing import Any, Literal

import msgspec

from undeny import dropins
from undeny.guard import event_pattern, pattern
from undeny.guard.model import Alarm, Watch

FORMATS = "undeny.emit.guard.alarm"
NAMESPACE = "undeny"
Via = Literal["logs", "events"]
KEPT_DAYS = 30
"""How long the log group of the EventBridge way keeps the events."""


class AlarmCode(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm to be written: what counts, when it fires, and where the calls come from.

    `via` is `logs` where a trail writes to CloudWatch Logs, `events` where an EventBridge rule has to bring them; `log_group` is the
    trail's, `topic` an SNS topic's ARN that is told; `None` where the person who deploys it says so. `says` are lines for its head.
    """

    watch: Watch
    alarm: Alarm
    via: Via
    region: str
    account: str | None = None
    log_group: str | None = None
    topic: str | None = None
    says: tuple[str, ...] = ()

    @property
    def events_group(self) -> str:
        """The log group that the rule writes to: EventBridge may write to names below `/aws/events/`.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        """
        return f"/aws/events/{self.watch.name}"

    @property
    def filter_pattern(self) -> str:
        """The metric filter's pattern: empty where the rule let through only what counts."""
        return pattern.write(self.watch) if self.via == "logs" else ""

    @property
    def event_pattern(self) -> dict[str, Any]:
        """The rule's pattern."""
        return event_pattern.write(self.watch)


def names() -> tuple[str, ...]:
    """Give the names of the formats."""
    return tuple(str(module.NAME) for module in dropins.load_all(FORMATS))


def suffix(name: str) -> str:
    """Give the ending of a file of that format."""
    return str(_format(name).SUFFIX)


def render(name: str, code: AlarmCode) -> str:
    """Write the alarm in the format `name`."""
    return str(_format(name).render(code))


def _format(name: str) -> Any:
    return next(module for module in dropins.load_all(FORMATS) if name == module.NAME)
