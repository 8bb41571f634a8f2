"""`undeny collect`: an evidence snapshot of what a denial needs."""

from functools import reduce
from pathlib import Path

import click

from undeny import pipeline
from undeny.errors import UndenyError
from undeny.evidence.joined import join
from undeny.evidence.model import Gap
from undeny.ui.cli import options
from undeny.ui.cli import source as sources

HELP = "write an evidence snapshot: what a denial needs"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "collect",
        _run,
        "Read what the denial in SOURCE needs from AWS, and write it as a snapshot: a folder of JSON, fit for git.",
        options.source(),
        options.told(),
        (
            click.Option(["--out"], required=True, type=click.Path(file_okay=False), help="The folder to write."),
            click.Option(["--profile"], multiple=True, help="Read from AWS with this profile; one for each account.", metavar="NAME"),
            click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
            click.Option(["--account"], is_flag=True, help="Read the whole account, for who-can and compare; no SOURCE then."),
            click.Option(["--network"], is_flag=True, help="Read the network of the Region, for `undeny network`; no SOURCE then."),
            click.Option(["--plan", "reads"], is_flag=True, help="List what would be read, and read nothing."),
        ),
    )


def _run(  # noqa: PLR0913 - the command's own options
    *,
    source: str | None,
    principal: str | None,
    action: str | None,
    resource: str | None,
    context: tuple[str, ...],
    out: str,
    profile: tuple[str, ...],
    region: str | None,
    account: bool,
    network: bool,
    reads: bool,
) -> int:
    if network:
        return _network(out, profile, region, reads=reads)
    if account:
        return _whole(out, profile, region)
    subject = sources.read(source).subjects[0]
    sessions = () if reads else options.sessions(profile, region)
    subject, unread = pipeline.recorded(subject, sessions or None)
    requests = pipeline.requests_for(subject, options.given(principal, action, resource, context))
    if not requests:
        raise UndenyError(
            "the text does not say which call was refused", code="no-call", help=("give --action, --principal and --resource",)
        )
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    if reads:
        for read in collect.plan(requests, subject.denial):
            click.echo(read.text)
        return 0
    evidence = reduce(join, [collect.collect(session, requests, now=subject.denial.event_time) for session in sessions])
    from undeny.evidence import snapshot  # noqa: PLC0415 - only where a snapshot is written

    snapshot.write(Path(out), evidence, requests)
    if subject.denial.record is not None and subject.denial.authorization_id is not None:
        snapshot.write_record(Path(out), subject.denial.authorization_id, subject.denial.record)
    _tell_gaps((*unread, *evidence.gaps))
    click.echo(out)
    return 0


def _network(out: str, profile: tuple[str, ...], region: str | None, *, reads: bool) -> int:
    from undeny.aws import network as reading  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.evidence import network  # noqa: PLC0415 - only where a snapshot is written

    if reads:
        for read in reading.plan():
            click.echo(read.text)
        return 0
    held = tuple(reading.network(session, region) for session in options.sessions(profile, region))
    network.write(Path(out), held)
    for one in held:
        _tell_gaps((*one.gaps, *(gap for gap in one.things.values() if isinstance(gap, Gap))))
    click.echo(out)
    return 0


def _whole(out: str, profile: tuple[str, ...], region: str | None) -> int:
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.evidence import snapshot  # noqa: PLC0415 - only where a snapshot is written

    for session in options.sessions(profile, region):
        held = collect.account(session)
        snapshot.save(Path(out), held)
        _tell_gaps(held.gaps)
    click.echo(out)
    return 0


def _tell_gaps(gaps: tuple[Gap, ...]) -> None:
    for what, why in dict.fromkeys((gap.what, gap.permission or gap.why) for gap in gaps):
        click.echo(f"not read: {what} ({why})", err=True)
