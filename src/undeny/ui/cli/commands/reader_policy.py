"""`undeny reader-policy`: the least that collecting needs."""

import click

from undeny.ui.cli import options, output

HELP = "the read-only policy that collecting needs, least privilege"


def build() -> click.Command:
    """Build the command."""
    return options.command("reader-policy", _run, "Print the read-only policy that --live needs: reads alone, no data, no writes.")


def _run() -> int:
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    output.json(collect.reader_policy())
    return 0
