"""`undeny guard`: what hears of a denial next time."""

import click

from undeny import dropins

HELP = "alarms on denials; the function that diagnoses and pages; a pack"
PARTS = "undeny.ui.cli.guards"


def build() -> click.Command:
    """Build the command from its parts."""
    group = click.Group("guard", help="Write what hears of a denial next time: an alarm, the event-driven function, the conformance pack.")
    for module in dropins.load_all(PARTS):
        group.add_command(module.build())
    return group
