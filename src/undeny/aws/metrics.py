"""CloudWatch as undeny uses it: how often calls were refused lately, where a trail writes, and a metric for each remediation.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from undeny.aws.session import Session, client, failure
from undeny.errors import UndenyError
from undeny.iam.arn import Arn

NAMESPACE = "undeny"
REMEDIATIONS = "Remediations"
"""The metric that each remediation and rollback adds one to; a surge alarm watches its sum."""
SWITCH = "UNDENY_METRICS"
"""The environment variable that asks for it; it names the CloudWatch namespace, `1` for `undeny`."""
PAGES = 200
"""Pages of logged events that are read at most: 10,000 events a page at most."""


def wanted(environment: Mapping[str, str]) -> str | None:
    """Give the namespace that metrics are asked for in, `None` where nobody asked.

    >>> wanted({"UNDENY_METRICS": "1"}), wanted({"UNDENY_METRICS": "ops"}), wanted({})
    ('undeny', 'ops', None)
    """
    told = environment.get(SWITCH, "").strip()
    if told.lower() in ("", "0", "no", "false"):
        return None
    return NAMESPACE if told.lower() in ("1", "yes", "true") else told


def publish(session: Session, kind: str, outcome: str, *, namespace: str = NAMESPACE) -> UndenyError | None:
    """Add one to the metric, as a whole and by kind (`apply`, `rollback`, `lambda`) and outcome. Gives what went wrong, raises nothing.

    A metric that cannot be written never stops a change. The permission is `cloudwatch:PutMetricData`.
    """
    dimensions = [{"Name": "Kind", "Value": kind}, {"Name": "Outcome", "Value": outcome}]
    data = [{"MetricName": REMEDIATIONS, "Value": 1.0, "Unit": "Count", "Dimensions": held} for held in ([], dimensions)]
    try:
        client(session, "cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)
    except (ClientError, BotoCoreError) as error:
        return UndenyError(
            f"the metric `{namespace}/{REMEDIATIONS}` was not written: {_line(error)}",
            code="metric-not-written",
            exit_status=3,
            help=("it needs cloudwatch:PutMetricData, with cloudwatch:namespace as its condition",),
        )
    except UndenyError as error:
        return error
    return None


def trail_log_group(session: Session, region: str | None = None) -> tuple[str, str] | None:
    """Give the log group (name, Region) that a trail of this account writes to, `None` where none does.

    Raises `UndenyError` (exit 3) where the trails cannot be read.
    """
    try:
        trails = client(session, "cloudtrail", region).describe_trails().get("trailList", [])
    except (ClientError, BotoCoreError) as error:
        raise failure(error) or _unread("the trails", "cloudtrail:DescribeTrails on *", error) from error
    for trail in sorted(trails, key=lambda one: not one.get("IsMultiRegionTrail")):
        arn = Arn.parse(str(trail.get("CloudWatchLogsLogGroupArn") or ""))
        if arn is not None:
            return arn.resource.removeprefix("log-group:").removesuffix(":*"), arn.region
    return None


def logged(session: Session, group: str, pattern: str, since: datetime, until: datetime) -> tuple[list[float], bool]:
    """Give the times of the events in a log group that a filter pattern matches, by AWS's own matcher, and whether that is all of them."""
    made = client(session, "logs")
    asked: dict[str, Any] = {"logGroupName": group, "filterPattern": pattern}
    asked |= {"startTime": int(since.timestamp() * 1000), "endTime": int(until.timestamp() * 1000)}
    times: list[float] = []
    for _ in range(PAGES):
        try:
            page = made.filter_log_events(**asked)
        except (ClientError, BotoCoreError) as error:
            raise failure(error) or _unread(f"log group `{group}`", f"logs:FilterLogEvents on {group}", error) from error
        times.extend(event["timestamp"] / 1000 for event in page.get("events", ()))
        if not page.get("nextToken"):
            return times, True
        asked["nextToken"] = page["nextToken"]
    return times, False


def _unread(what: str, needs: str, error: BaseException) -> UndenyError:
    return UndenyError(f"{what} cannot be read: {_line(error)}", code="read-denied", exit_status=3, help=(f"it needs {needs}",))


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
