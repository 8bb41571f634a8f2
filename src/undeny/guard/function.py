"""What runs in the account: a refused call or an event of AWS Health comes in, a diagnosis goes out, and a page where both match.

Nobody is paged for a refusal alone, unless its caller was named, nor for an event of AWS's alone: only where they correlate in Region
and service, whichever came first.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from undeny import denial, pipeline
from undeny.aws import guarding
from undeny.aws.guarding import Refused, Table
from undeny.calls.model import Given
from undeny.denial.model import Denial
from undeny.diagnose import happening
from undeny.evidence import health
from undeny.evidence.health import HealthEvent
from undeny.iam.principal import Principal

NAMESPACE = "undeny"
REFUSED_KEPT, EVENT_KEPT, CLOSED_KEPT = timedelta(days=1), timedelta(days=14), timedelta(days=1)
"""How long a refused call, an open event and a closed one stay in the table."""
QUIET = 3600
"""Seconds in which the same caller, call and reason are paged once."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What the function works with: its table, whom it tells (subject, text), where it writes lines, the time, and what it was asked.

    `principals` are callers whose refusals are paged by themselves. `reads` is a session by which policies are read, `asks` one by which
    AWS Health is asked; `None` where they are not.
    """

    table: Table
    tell: Callable[[str, str], None]
    log: Callable[[str], None]
    now: datetime
    principals: tuple[str, ...] = ()
    reads: Any = None
    asks: Any = None


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """Answer one event, as Lambda calls it; what it works with is in the environment."""
    del context
    from undeny.aws.session import open_session  # noqa: PLC0415 - tests bring what is around it

    told, session = os.environ, open_session()
    topic = told.get("TOPIC_ARN", "")
    around = Around(
        table=Table(session, told["TABLE"]),
        tell=lambda subject, text: guarding.tell(session, topic, subject, text),
        log=print,
        now=datetime.now(UTC),
        principals=tuple(name.strip() for name in told.get("PRINCIPALS", "").split(",") if name.strip()),
        reads=session if told.get("READ") == "1" else None,
        asks=session if told.get("ASK_HEALTH") == "1" else None,
    )
    return answered(event, around)


def answered(event: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """Answer one event; gives how many calls were diagnosed and how many pages went out."""
    if event.get("source") == "aws.health":
        return {"diagnosed": 0, "pages": _of_health(health.read(event), around)}
    detail = event.get("detail")
    found = denial.parse(detail if isinstance(detail, Mapping) else event)
    return {"diagnosed": len(found), "pages": sum(_of_refusal(one, around) for one in found)}


def _of_refusal(seen: Denial, around: Around) -> int:
    prefix, region, at = _placed(seen, around)
    account = seen.recipient_account or seen.account
    kept = around.table.events(prefix) if prefix else ()
    events = health.bearing(kept, prefix or "", region, at, account)
    if not events and around.asks is not None:
        kept = _asked(around, region, at)
        events = health.bearing(kept, prefix or "", region, at, account)
    told = _explained(seen, kept, around)
    refused = Refused(
        prefix=prefix or "",
        region=region,
        at=at,
        who=seen.principal or "not said",
        what=seen.action or seen.operation or "not said",
        code=told.cause.code,
        summary=told.cause.summary,
        account=account,
        event_id=seen.event_id,
        request_id=seen.request_id,
    )
    if prefix:
        around.table.keep_refused(refused, _expires(around, REFUSED_KEPT))
    pages = _page(refused, events[0] if events else None, around) if events or _named(seen, around.principals) else 0
    line = {"Bucket": told.bucket, "Code": told.cause.code, "Diagnoses": 1, "Pages": pages}
    said = {"certainty": told.cause.certainty, "summary": told.cause.summary, "health": [one.arn for one in events]}
    _log(around, line, ("Diagnoses", "Pages"), ("Bucket", "Code"), {**msgspec.to_builtins(refused), **said})
    return pages


def _explained(seen: Denial, events: tuple[HealthEvent, ...], around: Around) -> pipeline.Explanation:
    subject = pipeline.Subject(denial=seen, health=events)
    return pipeline.walk_subject(subject, around.reads).explanation


def _placed(seen: Denial, around: Around) -> tuple[str | None, str | None, datetime]:
    """Give service, Region and time of a refused call."""
    case = happening.bare(seen, pipeline.requests_for(pipeline.Subject(denial=seen), Given()))
    return happening.prefix_of(case), happening.region_of(case), seen.event_time or around.now


def _asked(around: Around, region: str | None, at: datetime) -> tuple[HealthEvent, ...]:
    """Ask AWS Health and keep what it tells; what it refuses is logged."""
    from undeny.aws import health as asked  # noqa: PLC0415 - only where it is to be asked
    from undeny.aws.reader import Reader  # noqa: PLC0415 - only where it is to be asked
    from undeny.evidence.model import Gap  # noqa: PLC0415 - only where it is to be asked

    found = asked.events(Reader(around.asks), region, at)
    if isinstance(found, Gap):
        around.log(msgspec.json.encode({"not_read": found.what, "why": found.why}).decode())
        return ()
    for one in found:
        around.table.keep_event(one, _expires(around, EVENT_KEPT))
    return found


def _of_health(event: HealthEvent, around: Around) -> int:
    news = around.table.keep_event(event, _expires(around, EVENT_KEPT if event.end is None else CLOSED_KEPT))
    pages = 0
    if news and event.end is None and event.category in health.DISTURBING:
        since = (event.start or around.now) - health.LEAD
        for refused in _distinct(around.table.refused(event.prefixes, since)):
            if health.bears(event, refused.prefix, refused.region, refused.at, refused.account):
                pages += _page(refused, event, around)
    said = {"event": event.arn, "status": event.status, "region": event.region, "news": news}
    _log(around, {"Service": event.service, "HealthEvents": 1, "Pages": pages}, ("HealthEvents", "Pages"), ("Service",), said)
    return pages


def _distinct(kept: tuple[Refused, ...]) -> Iterator[Refused]:
    """Give the newest refused call of each caller and call."""
    yield from {(one.who, one.what, one.region): one for one in kept}.values()


def _named(seen: Denial, principals: tuple[str, ...]) -> bool:
    """Whether the caller is one of those whose refusals are paged by themselves: by ARN or name, a role for all its sessions."""
    if not seen.principal:
        return False
    who = Principal.parse(seen.principal)
    name = (who.name or "").rpartition("/")[2]
    asked = {(other.kind, other.account, (other.name or "").rpartition("/")[2]) for other in map(Principal.parse, principals)}
    kind = "role" if who.kind == "role_session" else who.kind
    return bool({seen.principal, name} & set(principals)) or (kind, who.account, name) in asked


def _page(refused: Refused, event: HealthEvent | None, around: Around) -> int:
    """Page once for a caller, a call and a reason; gives how many pages went out."""
    why = event.arn if event is not None else refused.code
    if not around.table.claim(f"{why}#{refused.who}#{refused.what}", int(around.now.timestamp()), QUIET):
        return 0
    where = f" in {refused.region}" if refused.region else ""
    subject = f"undeny: {refused.what} refused{where}" + (f", and AWS has {event.code}" if event is not None else f": {refused.code}")
    around.tell(subject, "\n".join(_lines(refused, event)))
    return 1


def _lines(refused: Refused, event: HealthEvent | None) -> Iterator[str]:
    yield f"{refused.summary} [{refused.code}]"
    yield ""
    yield f"call     {refused.what} in {refused.region or 'a Region that is not said'}"
    yield f"by       {refused.who}"
    yield f"at       {refused.at:%Y-%m-%d %H:%M:%S} UTC, request {refused.request_id or 'not said'}, event {refused.event_id or 'not said'}"
    if event is not None:
        yield f"AWS      {health.says(event)}"
        yield from ([f"         {' '.join(event.description.split())[:500]}"] if event.description else [])
        yield ""
        yield "Both are of the same service in the same Region: wait for AWS before a policy is changed for this."
    yield ""
    yield f"undeny find --live --event-id {refused.event_id} --explain" if refused.event_id else "undeny explain shows the whole of it"


def _expires(around: Around, length: timedelta) -> int:
    return int((around.now + length).timestamp())


def _log(around: Around, line: Mapping[str, Any], metrics: tuple[str, ...], by: tuple[str, ...], said: Mapping[str, Any]) -> None:
    """Write one line: structured, and metrics by its embedded format.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[], list(by)],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    head = {"_aws": {"Timestamp": int(around.now.timestamp() * 1000), "CloudWatchMetrics": [directive]}}
    around.log(msgspec.json.encode({**head, **line, **said}).decode())
