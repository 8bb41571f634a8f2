"""`undeny verify`: whether the denied call is allowed now."""

import time

import click

from undeny.emit.report.change_page import VERIFIED
from undeny.errors import UndenyError
from undeny.ui.cli import options, output, saved

HELP = "is the denied call allowed now? repeated, or decided afresh"
GROUP = "i"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "verify",
        _run,
        "Ask again whether the call of a change is allowed: repeated where that changes nothing, else decided on policies read afresh.",
        (
            click.Argument(["change"], required=False),
            click.Option(["--profile"], multiple=True, help="Read with this profile; one for each account concerned.", metavar="NAME"),
            click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
            click.Option(["--caller"], help="Repeat the call with this profile of its caller.", metavar="PROFILE"),
        ),
        options.form("text", "json"),
    )


def _run(*, change: str | None, profile: tuple[str, ...], region: str | None, caller: str | None, form: str) -> int:
    from undeny import change as changes  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.evidence import scenario  # noqa: PLC0415 - only where a scenario is read

    record = saved.store().change(change)
    if record.scenario is None:
        raise UndenyError(f"change `{record.id}` does not say which call it is for", code="no-call", exit_status=4)
    request = scenario.read(record.scenario).request
    readers = options.sessions(profile, region)
    told = options.sessions((caller,), region)[0] if caller else None
    found = changes.verify(request, readers, caller=told, wait=time.sleep)
    if form == "json":
        output.json(found)
    else:
        click.echo(f"{VERIFIED[found.verified]}: {found.how}")
        for need in found.needs:
            click.echo(f"  to settle it: {need}")
    return {"allowed": 0, "denied": 1}.get(found.verified, 4)
