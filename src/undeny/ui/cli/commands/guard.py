"""`undeny guard`: what hears of a denial next time."""

import click

from undeny import dropins

HELP = "alarms on denials; the function that diagnoses and pages; a pack"
PARTS = "undeny.ui.cli.guards"


def build() -> click.Command:
    """Build the command from its parts."""
    text = "Write what hears of a denial next time: an alarm, the event-driven function, the conformance pack."
    group = click.Group("guard", help=text, invoke_without_command=True, callback=_bare)
    for module in dropins.load_all(PARTS):
        group.add_command(module.build())
    return group


def _bare() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
