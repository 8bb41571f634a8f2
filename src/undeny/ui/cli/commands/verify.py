"""`undeny verify`: whether the denied call is allowed now, for each account, Region and role; under load; and for days."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
import msgspec

from undeny.errors import UndenyError
from undeny.ui.cli import options, output, saved

if TYPE_CHECKING:
    from undeny.change.watching import Sighting

HELP = "is the denied call allowed now? repeated, or decided afresh"
GROUP = "i"
_SPAN = re.compile(r"(\d{1,4})\s*([hd])")
_STATUS = {"allowed": 0, "denied": 1}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    change: str | None
    profile: tuple[str, ...]
    region: tuple[str, ...]
    caller: tuple[str, ...]
    role: tuple[str, ...]
    each_account: bool
    aws_checks: bool
    load: bool
    sessions: int
    rate: float
    seconds: float
    span: str | None
    once: bool
    trail: tuple[str, ...]
    form: str


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "verify",
        lambda **given: _run(Asked(**given)),
        "Ask again whether the call of a change is allowed: repeated where that changes nothing, else decided on policies read afresh.",
        (
            click.Argument(["change"], required=False),
            click.Option(["--profile"], multiple=True, help="Read with this profile; one for each account concerned.", metavar="NAME"),
            click.Option(["--region"], multiple=True, help="The Region of the call; several make a matrix.", metavar="REGION"),
            click.Option(["--caller"], multiple=True, help="Repeat the call with this profile of its caller.", metavar="PROFILE"),
            click.Option(["--role"], multiple=True, help="The call of this role too, by name or ARN.", metavar="ROLE"),
            click.Option(["--each-account"], is_flag=True, help="The same call in the account of each --profile."),
            click.Option(["--aws-checks"], is_flag=True, help="Ask Access Analyzer's custom checks too: they may be charged."),
        ),
        (
            click.Option(["--load"], is_flag=True, help="Repeat the call in parallel, with kept and with fresh credentials."),
            click.Option(["--sessions"], type=int, default=10, show_default=True, help="With --load: so many at once.", metavar="N"),
            click.Option(["--rate"], type=float, default=20, show_default=True, help="With --load: calls a second in all.", metavar="N"),
            click.Option(["--seconds"], type=float, default=30, show_default=True, help="With --load: for so long.", metavar="N"),
        ),
        (
            click.Option(["--for", "span"], help="Watch so long for the denial to come back: 48h, 2d.", metavar="SPAN"),
            click.Option(["--once"], is_flag=True, help="Look once and end, for cron; the state is kept."),
            click.Option(["--trail"], multiple=True, help="Watch a trail (folder or s3://), not event history.", metavar="PATH"),
        ),
        options.form("text", "json"),
    )


def _run(asked: Asked) -> int:
    record = saved.store().change(asked.change)
    if asked.load:
        return _load(record, asked)
    if asked.span or asked.once:
        return _watch(record, asked)
    return _matrix(record, asked)


def _matrix(record: Any, asked: Asked) -> int:
    from undeny import change as changes  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.change import analysing, combinations  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.emit.report import change_page, change_page_verify  # noqa: PLC0415 - JSON needs no page

    request = combinations.request_of(record)
    first = asked.region[0] if asked.region else record.region
    readers = options.sessions(asked.profile, first)
    callers = options.sessions(asked.caller, first) if asked.caller else ()
    wanted = combinations.Asked(
        readers=readers, callers=callers, regions=asked.region, principals=asked.role, each_account=asked.each_account
    )
    way = changes.Way(clock=lambda: datetime.now(UTC), analyze=record.state == "in_force", aws_checks=asked.aws_checks)
    if asked.aws_checks:
        click.echo(f"IAM Access Analyzer: {analysing.CHARGED}", err=True)
    found = changes.matrix(request, wanted, record=record, way=way)
    own = _own(readers, record)
    analysis = analysing.after(record, own, way) if own is not None else None
    if asked.form == "json":
        output.json(_json(found, analysis))
    else:
        if len(found.cells) == 1:
            cell = found.cells[0].verification
            click.echo(f"{change_page.VERIFIED[cell.verified]}: {cell.how}")
            for need in cell.needs:
                click.echo(f"  to settle it: {need}")
        else:
            output.show(*change_page_verify.matrix_lines(found))
        if analysis is not None:
            output.show(*change_page.analysis_lines(analysis))
    status = _STATUS.get(found.verified, 4)
    return 1 if analysis is not None and analysis.alarming else status


def _own(readers: tuple[Any, ...], record: Any) -> Any:
    """Give the session of the account that was changed, `None` where there is none: another account's analyzer says nothing of it."""
    from undeny.aws import session as sessions  # noqa: PLC0415 - loaded already

    found = next((one for one in readers if sessions.identity(one).account == record.account), None)
    if found is None:
        click.echo(f"IAM Access Analyzer was not asked: no --profile is of account {record.account}, which was changed", err=True)
    return found


def _json(found: Any, analysis: Any) -> dict[str, Any]:
    """Give one verification as it always was, with the matrix and what Access Analyzer said beside it."""
    worst = next((cell for cell in found.cells if cell.verification.verified == found.verified), found.cells[0])
    told: dict[str, Any] = msgspec.to_builtins(worst.verification)
    return told | {"matrix": msgspec.to_builtins(found), "analysis": msgspec.to_builtins(analysis)}


def _load(record: Any, asked: Asked) -> int:
    from undeny import change as changes  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.change import combinations, loading  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.emit.report import change_page_verify  # noqa: PLC0415 - JSON needs no page

    how = loading.Load(sessions=asked.sessions, rate=asked.rate, seconds=asked.seconds)
    profile, region = (asked.caller[0] if asked.caller else None), (asked.region[0] if asked.region else record.region)
    if profile is None and not asked.profile:
        raise UndenyError("a call is repeated under load by its own caller", code="usage", help=("give --caller PROFILE",))
    found = changes.load(combinations.request_of(record), lambda: options.sessions((profile or asked.profile[0],), region)[0], how)
    if asked.form == "json":
        output.json(found)
    else:
        output.show(*change_page_verify.load_lines(found))
    return 1 if found.denied or found.failed else 0


def _watch(record: Any, asked: Asked) -> int:
    """Look until the watch is over, or once. What came back is told once, and all of it in the summary at the end."""
    from undeny import change as changes  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.change import watching  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    watcher = changes.Watcher(saved.store())
    if asked.span:
        watcher.begin(record, watching.mark_of(record), _span(asked.span), since=_since(record))
    look = _sightings(asked, record.region)
    watch = watcher.state(record.id)
    while not watch.over:
        try:
            watch = watcher.look(record.id, look)
        except UndenyError as error:
            if asked.once:
                raise
            output.warn((error,), word="warning")
        if asked.once or watch.over:
            break
        if watch.fresh:
            _heard(watcher, watch, asked.form)
        time.sleep(watching.PAUSE.total_seconds())
    return _summary(watcher, watch, asked)


def _heard(watcher: Any, watch: Any, form: str) -> None:
    from undeny.emit.report import change_page_verify  # noqa: PLC0415 - only where something came back

    watcher.told(watch.change, watch.fresh)
    if form == "text":
        output.show(*(change_page_verify.sighting_line(one) for one in watch.fresh))
        return
    for one in watch.fresh:
        output.json_line(one)


def _summary(watcher: Any, watch: Any, asked: Asked) -> int:
    """Tell how it stands; `--once` is for cron, which mails what is printed: it says nothing where nothing is new and nothing is over."""
    from undeny.emit.report import change_page_verify  # noqa: PLC0415 - JSON needs no page

    quiet = asked.once and not watch.fresh and not watch.over and not asked.span
    watcher.told(watch.change, watch.fresh)
    if asked.form == "json":
        output.json(watch)
    elif not quiet:
        output.show(*change_page_verify.watch_lines(watch, datetime.now(UTC)))
    return 1 if watch.fresh or (watch.returned and (watch.over or not asked.once)) else 0


def _since(record: Any) -> datetime | None:
    """Watch from when the change was carried out."""
    times = [done.finished_at for done in record.steps if done.finished_at is not None]
    return max(times) if times else None


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise UndenyError(f"`--for {text}` is no span of time", code="usage", help=("as in --for 48h, --for 2d",))
    return timedelta(hours=int(found[1])) if found[2] == "h" else timedelta(days=int(found[1]))


def _sightings(asked: Asked, region: str | None) -> "Callable[[datetime], Iterable[Sighting]]":
    """Give where denials are looked for: event history, or the trail that was named."""
    sessions = tuple(one for place in asked.region or (region,) for one in options.sessions(asked.profile, place))

    def look(since: datetime) -> "Iterator[Sighting]":
        from undeny.trail.model import Question, Tally  # noqa: PLC0415 - only where a trail is read
        from undeny.trail.scan import Scan  # noqa: PLC0415 - only where a trail is read

        tally = Tally()
        scan = Scan(Question(since=since), tally)
        seen = scan.pieces(_pieces(asked.trail, sessions, since)) if asked.trail else scan.events(_history(sessions, since, tally))
        for one in seen:
            yield from _sighting(one)
        if tally.problems:
            raise tally.problems[0]

    return look


def _pieces(paths: tuple[str, ...], sessions: tuple[Any, ...], since: datetime) -> Iterator[Any]:
    from undeny.trail import places_aws  # noqa: PLC0415 - only where a trail is read
    from undeny.trail.model import Question  # noqa: PLC0415 - only where a trail is read
    from undeny.trail.places import on_disk  # noqa: PLC0415 - only where a trail is read

    yield from on_disk([path for path in paths if not path.startswith("s3://")], since)
    for uri in (path for path in paths if path.startswith("s3://")):
        yield from places_aws.in_bucket(sessions[0], uri, Question(since=since))


def _history(sessions: tuple[Any, ...], since: datetime, tally: Any) -> Iterator[bytes]:
    from undeny.trail import places_aws  # noqa: PLC0415 - only where event history is asked
    from undeny.trail.model import Question  # noqa: PLC0415 - only where event history is asked

    for session in sessions:
        yield from places_aws.in_history(session, Question(since=since), tally)


def _sighting(seen: Any) -> "Iterator[Sighting]":
    """Give what a trail tells of one refused call, as a watch knows it; each action that it may have been."""
    from undeny import calls  # noqa: PLC0415 - only where something was refused
    from undeny.change.watching import Sighting, stated  # noqa: PLC0415 - only where something was refused
    from undeny.trail.groups import sample_of  # noqa: PLC0415 - only where something was refused

    one = sample_of(seen)
    event = seen.event.eventID or seen.event.requestID
    if event is None or seen.time is None:
        return
    for request in calls.requests_of(one)[:1]:
        yield Sighting(
            event=event,
            time=seen.time,
            principal=one.principal or request.principal,
            action=request.action,
            resource=request.resource if request.resource != "*" else None,
            cause=stated(one),
            region=seen.event.awsRegion,
            request_id=seen.event.requestID,
        )
