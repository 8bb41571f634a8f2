"""`undeny find`: denials in trail files, in a trail's bucket, or in event history, grouped by who, what and cause."""

import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import click
import msgspec

from undeny import pipeline
from undeny.emit.report import words
from undeny.errors import UndenyError
from undeny.trail import since as spans
from undeny.trail.groups import Groups
from undeny.trail.model import Group, Piece, Question, Tally
from undeny.trail.places import on_disk
from undeny.trail.scan import Scan
from undeny.ui.cli import options, output, progress, suggest

HELP = "denials in trail files, s3://, event history: grouped, newest first"
GROUP = "c"
LIMIT = 30
USUAL, LONGEST = timedelta(hours=24), timedelta(days=89)
"""How far back event history is asked where nobody says: for one event by its id, as far as it goes."""
AROUND = timedelta(minutes=30)
"""Event history has no attribute for request ids: this much around the time that was saved with one is searched."""
LISTED = 100_000
"""Objects of a bucket that are listed before the scan begins, so that its length is known."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    paths: tuple[str, ...]
    question: Question
    sessions: tuple[Any, ...]
    history: bool


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "find",
        _run,
        "Find denials: in trail files and folders, in a trail's bucket (s3://BUCKET/PREFIX), or with --live in event history.",
        (click.Argument(["paths"], nargs=-1, metavar="[PATH]..."),),
        (
            click.Option(["--since"], help="How far back: 15m, 24h, 7d, or a time (event history: 24h by default).", metavar="SPAN"),
            click.Option(["--until"], help="Not later than: a span back, or a time.", metavar="SPAN"),
            click.Option(["--request-id"], help="The one request of this id.", metavar="ID"),
            click.Option(["--event-id"], help="The one event of this id.", metavar="ID"),
            click.Option(["--principal"], help="Whose calls: an ARN, or the name of a role, user or session.", metavar="WHO"),
            click.Option(["--name"], help="Which calls: PutObject, or s3:PutObject.", metavar="NAME"),
            click.Option(["--any-error"], is_flag=True, help="Every failed call, not only refused ones."),
            click.Option(["--explain"], is_flag=True, help="Explain each group; with --live over the policies too."),
            click.Option(["--limit"], type=click.IntRange(0), help=f"Show so many groups, 0: all (text: {LIMIT}, JSON: all).", metavar="N"),
            click.Option(["--as-sql"], type=click.Choice(["athena", "lake"]), help="Print the SQL that asks the same, and ask nothing."),
            click.Option(["--live"], is_flag=True, help="Without PATH: ask event history with your credentials."),
            click.Option(["--profile"], multiple=True, help="Ask with this profile; one for each account.", metavar="NAME"),
            click.Option(["--region"], help="The Region to ask (us-east-1 is asked too).", metavar="REGION"),
        ),
        options.form("text", "json"),
    )


def _run(  # noqa: PLR0913 - the command's own options
    *,
    paths: tuple[str, ...],
    since: str | None,
    until: str | None,
    request_id: str | None,
    event_id: str | None,
    principal: str | None,
    name: str | None,
    any_error: bool,
    explain: bool,
    limit: int | None,
    as_sql: str | None,
    live: bool,
    profile: tuple[str, ...],
    region: str | None,
    form: str,
) -> int:
    now = datetime.now(UTC)
    question = Question(
        since=spans.moment(since, now) if since else None,
        until=spans.moment(until, now) if until else None,
        request_id=request_id,
        event_id=event_id,
        principal=principal,
        name=name,
        any_error=any_error,
    )
    if as_sql:
        return _sql(question, as_sql)
    _check(paths, live=live or bool(profile))
    if not paths and question.since is None:
        question = _window(question, now)
    asks = live or bool(profile) or any(path.startswith("s3://") for path in paths)
    asked = Asked(paths=paths, question=question, sessions=options.sessions(profile, region) if asks else (), history=not paths)
    tally = Tally()
    groups = _found(asked, tally)
    most = limit if limit is not None else 0 if form == "json" else LIMIT
    shown = groups[:most] if most else groups
    walks: list[pipeline.Walk] = []
    if explain:
        shown = list(_explained(shown, asked.sessions if live or profile else None, walks))
    notes = [*_notes(tally, asked), *_kept(shown, now)]
    if form == "json":
        output.json(shown)
        for note in notes:
            click.echo(note, err=True)
    else:
        from undeny.ui.cli.denials import Denials  # noqa: PLC0415 - JSON needs no screen

        output.show(Denials(groups=groups, shown=shown, tally=tally, now=now, notes=notes))
        for number, line in enumerate(_commands(shown)):
            click.echo(f"{'      ' if number else 'next  '}{click.style(line, fg='cyan')}")  # whole on one line, to be pasted
        for walked in walks:
            click.echo()
            output.page(walked)
    output.warn(tuple(tally.problems))
    return max((problem.exit_status for problem in tally.problems), default=0)


def _window(question: Question, now: datetime) -> Question:
    """Give the time that event history is asked about: around a request that was saved with its time, all of it for one event's id."""
    if question.request_id is not None and question.until is None:
        from undeny.change.seen import SeenRequests  # noqa: PLC0415 - the store is opened only for an id

        saved = next((one.time for one in SeenRequests().all() if one.request_id == question.request_id), None)
        if saved is not None:
            return msgspec.structs.replace(question, since=saved - AROUND, until=saved + AROUND)
    reach = LONGEST if question.event_id else USUAL
    return msgspec.structs.replace(question, since=(question.until or now) - reach)


def _sql(question: Question, engine: str) -> int:
    from undeny.trail.sql import sql  # noqa: PLC0415 - only where SQL is wanted

    click.echo(sql(question, "athena" if engine == "athena" else "lake"))
    return 0


def _check(paths: tuple[str, ...], *, live: bool) -> None:
    if not paths and not live:
        raise UndenyError(
            "where is the trail?",
            code="usage",
            help=("give files or folders, or s3://BUCKET/PREFIX", "or --live (or --profile NAME) to ask event history"),
        )


def _found(asked: Asked, tally: Tally) -> list[Group]:
    scan, groups = Scan(asked.question, tally), Groups(tally)
    with progress.shown(tally) as bar:
        for seen in scan.events(_history(asked, tally, bar)) if asked.history else scan.pieces(_pieces(asked, bar)):
            groups.add(seen)
        return groups.told(progress=bar.causes)


OWN = (b'"userAgent":"undeny/', b'"userAgent": "undeny/')
"""In the record of a call that undeny itself made: a read that was refused is no denial that anyone looks for."""


def _history(asked: Asked, tally: Tally, bar: progress.Bar) -> Iterator[bytes]:
    from undeny.trail import places_aws  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    for session in asked.sessions:
        for event in places_aws.in_history(session, asked.question, tally, bar.history):
            if not any(own in event for own in OWN):
                yield event


def _pieces(asked: Asked, bar: progress.Bar) -> Iterator[Piece]:
    """Give the files of all paths; their length is told to the bar where it is known."""
    local = on_disk([path for path in asked.paths if not path.startswith("s3://")], asked.question.since)
    remote = _objects(asked)
    listed = list(islice(remote, LISTED))
    bar.length(sum(piece.size for piece in (*local, *listed)) if len(listed) < LISTED else None)
    if not listed:
        return iter(local)
    from undeny.trail import places_aws  # noqa: PLC0415 - loaded already

    return chain(local, places_aws.ahead(chain(listed, remote)))


def _objects(asked: Asked) -> Iterator[Piece]:
    uris = [path for path in asked.paths if path.startswith("s3://")]
    if not uris:
        return
    from undeny.trail import places_aws  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    for uri in uris:
        yield from places_aws.in_bucket(asked.sessions[0], uri, asked.question)


def _explained(groups: Sequence[Group], known: tuple[Any, ...] | None, walks: list[pipeline.Walk]) -> Iterator[Group]:
    """Walk the newest denial of each group, into `walks` too; one that cannot be walked keeps the cause that its event tells."""
    for group in groups:
        try:
            walked = suggest.saved_and_completed(pipeline.walk_subject(pipeline.Subject(denial=group.sample), known), known)
        except UndenyError as problem:
            output.warn((problem,))
            yield group
            continue
        walks.append(walked)
        told = walked.explanation
        cause = {"cause": told.cause.code, "certainty": told.cause.certainty, "bucket": told.bucket, "summary": told.cause.summary}
        yield msgspec.structs.replace(group, **cause, explanation=told)


def _notes(tally: Tally, asked: Asked) -> Iterator[str]:
    yield from (f"the call was not refused: {one}" for one in tally.allowed)
    if asked.history:
        from undeny.trail import places_aws  # noqa: PLC0415 - loaded already

        since = asked.question.since
        from undeny.trail import data_events  # noqa: PLC0415 - only where event history was asked

        yield from (told for told in (data_events.never_there(asked.question.name or ""),) if told)
        yield f"event history since {since:%Y-%m-%d %H:%M} UTC; {places_aws.NEVER_THERE}" if since else places_aws.NEVER_THERE
    if tally.stopped:
        yield "stopped before the end: what was found until then is above"
    if tally.doubles:
        yield f"{words.count(tally.doubles, 'denial')} met a second time (two trails, or two accounts), and counted once"
    if tally.beyond:
        yield f"{words.count(tally.beyond, 'denial')} of further kinds, only counted: narrow the search with --since, --principal or --name"
    if tally.more_problems:
        yield f"{tally.more_problems:,} more files or events could not be read"


def _kept(groups: Sequence[Group], now: datetime) -> Iterator[str]:
    """Save the request ids with the day on which AWS forgets them."""
    from undeny.change.seen import SeenRequest, SeenRequests  # noqa: PLC0415 - the store is opened only when there is something to save

    rows = [
        SeenRequest(
            request_id=one.request_id,
            event_id=one.event_id,
            time=one.time,
            region=one.region,
            who=group.who,
            what=group.what,
            cause=group.cause,
        )
        for group in groups
        for one in group.named
        if one.time is not None
    ]
    if not rows:
        return
    try:
        SeenRequests().add(rows)
    except UndenyError as problem:
        output.warn((problem,))
        return
    until = max(row.expires for row in rows)
    still = f"AWS Support finds the newest until {until:%Y-%m-%d}" if until > now else "AWS Support finds none of them any more"
    yield f"{words.count(len(rows), 'request id')} saved; {still}"


def _commands(shown: Sequence[Group]) -> list[str]:
    """Give what to run next: the newest group's sample explained, from where it was found."""
    if not shown:
        return []
    explained = shown[0].explanation
    if explained is not None:
        return [*explained.next_commands[:1]]
    if not shown[0].event_ids:
        return []
    told = click.get_current_context().params
    given = [*told["paths"], *(["--live"] if told["live"] else [])]
    given += [word for name in told["profile"] for word in ("--profile", name)]
    given += ["--region", told["region"]] if told["region"] else []
    return [shlex.join(["undeny", "find", *given, "--event-id", shown[0].event_ids[0], "--explain"])]
