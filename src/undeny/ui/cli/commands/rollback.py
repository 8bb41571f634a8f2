"""`undeny rollback`: puts back exactly what was there."""

import click

from undeny.emit.report import change_page
from undeny.ui.cli import counting, options, output, saved
from undeny.ui.cli.commands.apply import agreed, keeping, kept

HELP = "put back exactly what was there"
GROUP = "h"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "rollback",
        _run,
        "Undo a change, the last one unless CHANGE is given, and decide the call again: the old verdict has to be back. "
        "Refuses where somebody changed it since, unless --force.",
        (
            click.Argument(["change"], required=False),
            click.Option(["--profile"], help="Undo it with this profile.", metavar="NAME"),
            click.Option(["--reader"], multiple=True, help="Read another account's side with this profile.", metavar="PROFILE"),
            click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
            click.Option(["--yes"], is_flag=True, help="Do not ask."),
            click.Option(["--force"], is_flag=True, help="Overwrite what somebody wrote since; that is kept too."),
            *keeping(),
        ),
        options.form("text", "json"),
    )


def _run(  # noqa: PLR0913 - the command's own options
    *,
    change: str | None,
    profile: str | None,
    reader: tuple[str, ...],
    region: str | None,
    yes: bool,
    force: bool,
    export: str | None,
    export_git: str | None,
    form: str,
) -> int:
    from undeny import change as changes  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    record = saved.store().change(change)
    if form == "text":
        titles = dict.fromkeys(one.title for one in record.meant if one.standing is not None)
        click.echo(f"would undo change {record.id} in {record.account}: {', '.join(titles)}")
    if not agreed(yes=yes, form=form, question="roll back?"):
        return 0
    (session,) = options.sessions((profile,) if profile else (), region or record.region)
    readers = options.sessions(reader, region) if reader else ()
    way = changes.Way(readers=readers, **kept(export or record.export, export_git))
    with counting.remediation(session, "rollback"):
        outcome = changes.roll_back(saved.store(), session, record.id, force=force, way=way)
    if form == "json":
        output.json(outcome)
    else:
        output.show(*change_page.outcome_lines(outcome, str(saved.store().home)))
    return 1 if outcome.verification.back is False else 0
