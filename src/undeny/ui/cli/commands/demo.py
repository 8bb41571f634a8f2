"""`undeny demo`: the whole walk against an embedded local AWS."""

import sys
import time

import click

from undeny.errors import UndenyError
from undeny.ui.cli import options

HELP = "watch denials be explained, mended, proved and rolled back"


def build() -> click.Command:
    """Build the command."""
    text = "Play denials against an embedded local AWS, over HTTP: denied, explained, proved, applied, allowed, rolled back, denied again."
    return options.command("demo", _run, text, (click.Option(["--pause"], is_flag=True, help="Wait for a key between the stories."),))


def _run(*, pause: bool) -> int:
    try:
        from undeny.ui.cli import walkthrough  # noqa: PLC0415 - moto and boto3 are loaded for the demo alone
    except ModuleNotFoundError as error:
        help_ = ("pip install 'undeny[lab]'",)
        raise UndenyError(
            f"the demo needs the embedded AWS, and `{error.name}` is not installed", code="missing-extra", help=help_
        ) from error
    began = time.monotonic()
    outcomes = walkthrough.walk(click.pause if pause and sys.stdin.isatty() else _go_on)
    for outcome in outcomes:
        click.echo(
            f"{'✓' if outcome.good else '✗'} {outcome.title}: "
            + " → ".join(step if held else f"NOT {step}" for step, held in outcome.steps)
        )
    click.echo(f"{len(outcomes)} stories over HTTP in {time.monotonic() - began:.0f} s; no account, no credentials, no network were used.")
    return 0 if all(outcome.good for outcome in outcomes) else 1


def _go_on() -> None:
    return None
