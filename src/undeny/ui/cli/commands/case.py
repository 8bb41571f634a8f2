"""`undeny case`: a draft for AWS Support or re:Post, complete, with the day on which AWS forgets each request."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from undeny import pipeline
from undeny.change.seen import SeenRequest, SeenRequests
from undeny.denial.model import Denial
from undeny.emit.report import case as drafts
from undeny.emit.report.case import CaseFile
from undeny.errors import UndenyError
from undeny.iam.principal import Principal
from undeny.ui.cli import options, output, saved, source, suggest

HELP = "a draft for AWS Support or re:Post; --list: request ids"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "case",
        _run,
        "Write a draft for AWS Support, or with --to repost a question for re:Post with accounts, names and ids replaced. "
        "--list shows all saved request ids with the days that AWS can still find them.",
        options.source(),
        (
            click.Option(["--to"], type=click.Choice(["support", "repost"]), default="support", help="Whom it is for."),
            click.Option(["--tried"], multiple=True, help="What you tried, in a sentence.", metavar="TEXT"),
            click.Option(["--list", "listing"], is_flag=True, help="All saved request ids with the days they have left."),
            click.Option(["--redact/--no-redact"], default=None, help="Replace accounts and names by stand-ins; re:Post's default."),
        ),
        options.form("markdown", "json"),
    )


def _run(*, source: str | None, to: str, tried: tuple[str, ...], listing: bool, redact: bool | None, form: str) -> int:  # noqa: PLR0913 - the command's own options
    now = datetime.now(UTC)
    if listing:
        return _list(now, form)
    case = _case(_explained(source), tried, now)
    public = to == "repost"
    hidden = _ids(case) if public and redact is not False else ()
    case = options.redacted(case, public if redact is None else redact, public and redact is not False)
    if form == "json":
        output.json({"to": to, "subject": drafts.subject(case), "missing": drafts.missing(case), "case": case})
    else:
        text = drafts.repost(case) if public else drafts.support(case)
        for one in hidden:  # texts name them too
            text = text.replace(one, "***")
        click.echo(text, nl=False)
    _warn(case, public=public, redacted=public if redact is None else redact)
    return 0


def _case(explained: dict[str, Any], tried: tuple[str, ...], now: datetime) -> CaseFile:
    told = {name: value for name, value in explained.items() if name != "bucket"}
    done = (*tried, *_carried_out(explained))
    return CaseFile(bucket=str(explained.get("bucket")), explanation=told, requests=_requests(explained, now), tried=done, now=now)


def _ids(case: CaseFile) -> tuple[str, ...]:
    """Give the ids by which somebody could look for the calls, the longest first."""
    denial = case.explanation.get("denial") or {}
    found = {one for request in case.requests for one in (request.request_id, request.event_id) if one}
    found |= {str(denial[name]) for name in ("request_id", "host_id", "event_id") if denial.get(name)}
    return tuple(sorted((one for one in found if len(one) > 3), key=len, reverse=True))


def _explained(given: str | None) -> dict[str, Any]:
    """Give an explanation as saved: the last one, one by its id, or that of a SOURCE, which is explained and saved first."""
    found = source.or_latest(given)
    if found.saved:
        return saved.store().explanation(found.saved)
    walked = suggest.saved_and_completed(pipeline.walk_subject(found.subjects[0]), None)
    output.warn(found.problems)
    return dict(pipeline.to_builtins(walked.explanation))


def _requests(explained: Mapping[str, Any], now: datetime) -> tuple[SeenRequest, ...]:
    """Give the request of the denial and saved ones of the same caller and call, the newest first."""
    own = _of_denial(explained)
    if own is None:
        return ()
    alike = [one for one in SeenRequests().all(now) if _kind(one) == _kind(own)]
    found = {(one.request_id, one.event_id): one for one in (own, *alike)}
    return tuple(sorted(found.values(), key=lambda one: (one != own, -one.time.timestamp())))


def _kind(one: SeenRequest) -> tuple[str | None, ...]:
    """Give who called what: the ARN of a session does not have the role's path, so it does not count."""
    who = Principal.parse(one.who) if one.who else None
    return (who.account, (who.name or who.text).rpartition("/")[2], one.what) if who else (None, None, one.what)


def _of_denial(explained: Mapping[str, Any]) -> SeenRequest | None:
    denial = msgspec.convert(explained.get("denial") or {}, Denial)
    if denial.event_time is None or not (denial.request_id or denial.event_id):
        return None
    who = Principal.parse(denial.principal) if denial.principal else None
    return SeenRequest(
        request_id=denial.request_id,
        event_id=denial.event_id,
        time=denial.event_time,
        region=denial.region,
        who=(who.role_arn or who.text) if who else None,
        what=denial.action or denial.operation,
        cause=(explained.get("cause") or {}).get("code"),
    )


def _carried_out(explained: Mapping[str, Any]) -> Iterator[str]:
    """Tell the changes that the journal has for this explanation."""
    for record in saved.store().changes():
        if record.explanation != explained.get("id"):
            continue
        title = (record.fix.get("fix") or {}).get("title") or "a change"
        told = record.verification
        after = f"; afterwards the call was {told.verified.replace('_', ' ')} ({told.how})" if told else ""
        yield f"{record.created:%Y-%m-%d %H:%M} UTC, change {record.id}: {title}; {record.state.replace('_', ' ')}{after}"


def _list(now: datetime, form: str) -> int:
    seen = {(one.request_id, one.event_id): one for _, _, body in saved.store().explanations() if (one := _of_denial(body))}
    seen.update({(one.request_id, one.event_id): one for one in SeenRequests().all()})
    found = tuple(sorted(seen.values(), key=lambda one: one.time, reverse=True))
    if form == "json":
        output.json([{**msgspec.to_builtins(one), "expires": one.expires, "days_left": one.days_left(now)} for one in found])
        return 0
    for line in drafts.listed(found, now):
        click.echo(line)
    return 0


def _warn(case: CaseFile, *, public: bool, redacted: bool) -> None:
    """Say on standard error what is lacking, what is over, and what must not be posted."""
    told: list[UndenyError] = []
    if case.explanation.get("cause", {}).get("certainty") == "proven":
        code = case.explanation["cause"]["code"]
        told.append(UndenyError("the cause is proven: a case is hardly needed", code="cause-known", help=(f"undeny codes {code}",)))
    lacking = drafts.missing(case)
    if lacking:
        told.append(UndenyError(f"AWS will ask for {', '.join(lacking)}", code="incomplete", help=("undeny find --live finds the event",)))
    if drafts.expired(case):
        told.append(UndenyError("AWS finds none of these requests any more", code="expired", help=("repeat the call and take its new id",)))
    if public:
        lines = tuple(f"not in public: {one}" for one in drafts.PUBLIC)
        said = "accounts, names and ids were replaced; read it before it is posted" if redacted else "nothing was replaced"
        told.append(UndenyError(said, code="public", help=lines))
    output.warn(tuple(told), word="warning")
