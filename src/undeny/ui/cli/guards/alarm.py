"""`undeny guard alarm`: a narrow alarm on one denial, tried on the trail before it is made."""

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import msgspec

from undeny import guard, pipeline
from undeny.denial.model import Denial
from undeny.emit.guard import alarm as codes
from undeny.emit.guard.alarm import AlarmCode
from undeny.emit.report import alarm_page, words
from undeny.errors import UndenyError
from undeny.guard.counting import DAYS, Counted, counted, holds, incident_start
from undeny.guard.model import Choice, Watch
from undeny.trail.model import Piece, Question, Tally
from undeny.trail.places import on_disk
from undeny.trail.scan import Scan
from undeny.ui.cli import options, output, progress, source

HELP = "an alarm on this denial, tried on the trail"
BEFORE = timedelta(days=DAYS + 1)


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "alarm",
        _run,
        "Write an alarm on this denial: this caller, this call, these error codes. With --trail it is tried on the 14 days before.",
        options.source(),
        options.told()[:2],
        (
            click.Option(["--trail"], multiple=True, help="Trail files or folders, s3://BUCKET/PREFIX: what is normal.", metavar="PATH"),
            click.Option(["--live"], is_flag=True, help="Ask AWS which log group the trail writes to, and count there."),
            click.Option(["--profile"], multiple=True, help="Ask with this profile.", metavar="NAME"),
            click.Option(["--region"], help="The Region of the alarm.", metavar="REGION"),
            click.Option(["--log-group"], help="The log group that the trail writes to.", metavar="NAME"),
            click.Option(["--via"], type=click.Choice(["logs", "events"]), help="Where calls come from: CloudWatch Logs, or EventBridge."),
            click.Option(["--kind"], type=click.Choice(["static", "anomaly"]), help="Only a threshold, or only a band."),
            click.Option(["--topic"], help="SNS topic that is told.", metavar="ARN"),
            click.Option(["--as", "code"], type=click.Choice(codes.names()), help="Print the alarm as code."),
            click.Option(["--out"], type=click.Path(file_okay=False), help="Write the alarm as code of every kind into this folder."),
        ),
        options.form("text", "json"),
    )


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for, beside the denial."""

    trail: tuple[str, ...]
    sessions: tuple[Any, ...]
    region: str | None
    log_group: str | None
    via: str | None
    kind: str | None
    topic: str | None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted and where; `counts` is `None` where nothing was read."""

    counts: Counted | None
    via: str
    log_group: str | None
    notes: tuple[str, ...] = ()
    region: str | None = None


def _run(  # noqa: PLR0913 - the command's own options
    *,
    source: str | None,
    principal: str | None,
    action: str | None,
    trail: tuple[str, ...],
    live: bool,
    profile: tuple[str, ...],
    region: str | None,
    log_group: str | None,
    via: str | None,
    kind: str | None,
    topic: str | None,
    code: str | None,
    out: str | None,
    form: str,
) -> int:
    denial = seen(source, options.given(principal, action, None, ()))
    asks = live or bool(profile) or any(path.startswith("s3://") for path in trail)
    sessions = options.sessions(profile, region) if asks else ()
    asked = Asked(trail=trail, sessions=sessions, region=region, log_group=log_group, via=via, kind=kind, topic=topic)
    watch = guard.watch_for(denial)
    found = _found(watch, denial, asked)
    start = incident_start(found.counts, denial.event_time) if found.counts is not None else None
    choice = guard.chosen(found.counts if start is not None else None, start, kind)
    made = _code(watch, choice, found, asked)
    if code:
        click.echo(codes.render(code, made), nl=False)
    elif out:
        _write(made, Path(out))
    elif form == "json":
        output.json(_answer(made, choice, found))
    else:
        output.show(*alarm_page.lines(made, choice, (*watch.notes, *found.notes)))
        click.echo(f"next  {click.style(_again(), fg='cyan')}")  # whole on one line, to be pasted
    if found.counts is not None and not found.counts.times:
        return 4
    return 0 if choice.backtest is None or choice.backtest.good else 1


def _again() -> str:
    """Give the command line again, as one that prints code."""
    told = click.get_current_context().params
    given = [*([told["source"]] if told["source"] not in (None, "-") else [])]
    for name in ("principal", "action", "region", "log_group", "via", "kind", "topic"):
        given += [f"--{name.replace('_', '-')}", told[name]] if told[name] else []
    given += [word for name in ("trail", "profile") for value in told[name] for word in (f"--{name}", value)]
    return shlex.join(["undeny", "guard", "alarm", *given, *(["--live"] if told["live"] else []), "--as", "terraform"])


def seen(given: str | None, told: Any) -> Denial:
    """Give the denial that SOURCE is about, the last explanation's by default, with what a person added."""
    subject = source.or_latest(given).subjects[0]
    requests = pipeline.requests_for(subject, told)
    main = requests[0] if requests else None
    denial = subject.denial
    another = bool(told.action) and told.action != denial.action  # the text's own call is then not the one that is meant
    return msgspec.structs.replace(
        denial,
        operation=None if another else denial.operation,
        event_source=None if another else denial.event_source,
        service=None if another else denial.service,
        principal=told.principal or denial.principal or (main.principal if main else None),
        action=told.action or denial.action or (main.action if main else None),
    )


def _found(watch: Watch, denial: Denial, asked: Asked) -> Found:
    group, via, notes, region = asked.log_group, asked.via, [], None
    if asked.sessions and group is None and via != "events":
        group, region, told = _group(asked)
        notes += [told] if told else []
        via = via or ("logs" if group or told.startswith("not known") else "events")
    via = via or "logs"
    notes += ["a rule gets calls only where some trail logs them, and only those of its own Region"] if via == "events" else []
    until = denial.event_time or datetime.now(UTC)
    if asked.trail:
        counts, more = _of_trail(watch, asked, denial.event_time, as_events=via == "events")
        return Found(counts=counts, via=via, log_group=group, notes=(*notes, *more), region=region)
    if group is not None and asked.sessions:
        return _of_logs(watch, asked, until, Found(counts=None, via=via, log_group=group, notes=tuple(notes), region=region))
    notes.append("no trail was read, so any such denial fires: --trail PATH, or --live, sets the threshold by what is normal")
    return Found(counts=None, via=via, log_group=group, notes=tuple(notes), region=region)


def _group(asked: Asked) -> tuple[str | None, str | None, str]:
    """Find the log group of a trail; gives it with its Region, or why there is none."""
    from undeny.aws import metrics  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    try:
        held = metrics.trail_log_group(asked.sessions[0], asked.region)
    except UndenyError as problem:
        if problem.code != "read-denied":
            raise
        return None, None, f"not known where the trail writes ({problem.help[0]}): name the log group with --log-group"
    if held is None:
        return None, None, "no trail of this account writes to CloudWatch Logs: an EventBridge rule brings the calls"
    return (*held, "")


def _of_logs(watch: Watch, asked: Asked, until: datetime, found: Found) -> Found:
    from undeny.aws import metrics  # noqa: PLC0415 - boto3 is loaded already
    from undeny.guard import pattern  # noqa: PLC0415 - only where it is sent

    since = until - BEFORE
    wanted = pattern.write(watch)
    try:
        times, whole = metrics.logged(asked.sessions[0], found.log_group or "", wanted, since, until + timedelta(hours=6))
    except UndenyError as problem:
        if problem.code != "read-denied":
            raise
        unread = (f"not counted ({problem.help[0]}), so any such denial fires", "--trail PATH counts in trail files")
        return msgspec.structs.replace(found, notes=(*found.notes, *unread))
    more: tuple[str, ...] = (f"counted in log group {found.log_group} by CloudWatch Logs itself",)
    if not whole:
        more = (*more, "there are more than were read: the counts are too low")
    counts = Counted(times=tuple(sorted(times)), first=since.timestamp(), seen=len(times))
    return msgspec.structs.replace(found, counts=counts, notes=(*found.notes, *more))


def _of_trail(watch: Watch, asked: Asked, until: datetime | None, *, as_events: bool) -> tuple[Counted, list[str]]:
    tally = Tally()
    question = Question(since=until - BEFORE if until is not None else None, any_error=True)
    scan = Scan(question, tally)
    with progress.shown(tally):
        counts = counted(watch, scan.pieces(_pieces(asked, question)), as_events=as_events)
    output.warn(tuple(tally.problems))
    notes = [f"{tally.events:,} events of the trail read"]
    if not counts.times:
        notes.append("the trail holds no call that this alarm would count: not the incident either")
    elif until is None:
        notes.append("nobody said when it was: the busiest quarter of an hour in the trail is taken for the incident")
    elif not holds(counts, until):
        notes.append(f"the trail holds no such call within an hour of the incident, {words.when(until)}")
    return counts, notes


def _pieces(asked: Asked, question: Question) -> Iterator[Piece]:
    yield from on_disk([path for path in asked.trail if not path.startswith("s3://")], question.since)
    for uri in (path for path in asked.trail if path.startswith("s3://")):
        from undeny.trail import places_aws  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

        yield from places_aws.in_bucket(asked.sessions[0], uri, question)


def _code(watch: Watch, choice: Choice, found: Found, asked: Asked) -> AlarmCode:
    return AlarmCode(
        watch=watch,
        alarm=choice.alarm,
        via="events" if found.via == "events" else "logs",
        region=asked.region or found.region or watch.region or _own_region(asked) or "us-east-1",
        account=watch.account,
        log_group=found.log_group,
        topic=asked.topic,
        says=(alarm_page.fires(choice.alarm), *alarm_page.tried(choice), *watch.notes),
    )


def _own_region(asked: Asked) -> str | None:
    return asked.sessions[0].region_name if asked.sessions else None


def _answer(made: AlarmCode, choice: Choice, found: Found) -> dict[str, Any]:
    return {
        "watch": made.watch,
        "via": made.via,
        "filter_pattern": made.filter_pattern,
        "event_pattern": made.event_pattern if made.via == "events" else None,
        "alarm": choice.alarm,
        "backtest": choice.backtest,
        "fires_on_incident": choice.backtest.fired is not None if choice.backtest else None,
        "fired_before": len(choice.backtest.before) if choice.backtest else None,
        "tried": choice.tried,
        "region": made.region,
        "log_group": made.log_group,
        "notes": [*made.watch.notes, *found.notes],
    }


def _write(made: AlarmCode, folder: Path) -> None:
    for name in codes.names():
        output.save(folder / f"alarm.{codes.suffix(name)}", codes.render(name, made))
