"""`undeny reader-policy`: the least that collecting needs."""

import click

from undeny.ui.cli import options, output

HELP = "the read-only policy that collecting needs, least privilege"


def build() -> click.Command:
    """Build the command."""
    text = "Print the read-only policy that --live needs: reads alone, no data, no writes."
    network = click.Option(["--network"], is_flag=True, help="The policy of `undeny network` instead.")
    return options.command("reader-policy", _run, text, (network,))


def _run(*, network: bool) -> int:
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    output.json(collect.reader_policy(told=collect.network_permissions() if network else None))
    return 0
