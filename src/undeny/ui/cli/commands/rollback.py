"""`undeny rollback`: puts back exactly what was there."""

import click

from undeny.emit.report import change_page
from undeny.ui.cli import counting, options, output, saved

HELP = "put back exactly what was there"
GROUP = "h"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "rollback",
        _run,
        "Undo a change, the last one unless CHANGE is given. Refuses where somebody changed it since, unless --force.",
        (
            click.Argument(["change"], required=False),
            click.Option(["--profile"], help="Undo it with this profile.", metavar="NAME"),
            click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
            click.Option(["--yes"], is_flag=True, help="Do not ask."),
            click.Option(["--force"], is_flag=True, help="Overwrite what somebody wrote since."),
        ),
        options.form("text", "json"),
    )


def _run(*, change: str | None, profile: str | None, region: str | None, yes: bool, force: bool, form: str) -> int:  # noqa: PLR0913 - the command's own options
    from undeny import change as changes  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    record = saved.store().change(change)
    if form == "text":
        click.echo(f"would undo change {record.id} in {record.account}: {', '.join(dict.fromkeys(done.title for done in record.steps))}")
    if not (yes or (options.interactive() and click.confirm("roll back?", default=False))):
        click.echo(
            "Nothing was changed." + ("" if options.interactive() else " This was a dry run: --yes carries it out."), err=form == "json"
        )
        return 0
    (session,) = options.sessions((profile,) if profile else (), region)
    with counting.remediation(session, "rollback"):
        outcome = changes.roll_back(saved.store(), session, record.id, force=force)
    if form == "json":
        output.json(outcome)
        return 0
    output.show(*change_page.outcome_lines(outcome, str(saved.store().home)))
    return 0
