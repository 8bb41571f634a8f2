"""`undeny reader-policy`: the least that collecting needs."""

import click

from undeny.ui.cli import options, output

HELP = "the read-only policy that collecting needs, least privilege"


def build() -> click.Command:
    """Build the command."""
    text = "Print the read-only policy that --live needs: reads alone, no data, no writes."
    network = click.Option(["--network"], is_flag=True, help="The policy of `undeny network` instead.")
    verify = click.Option(["--verify"], is_flag=True, help="With what `undeny verify` asks IAM Access Analyzer.")
    return options.command("reader-policy", _run, text, (network, verify))


def _run(*, network: bool, verify: bool) -> int:
    from undeny.aws import accessanalyzer, collect  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    told = dict(collect.network_permissions() if network else collect.permissions())
    output.json(collect.reader_policy(told=[*told, *(accessanalyzer.PERMISSIONS if verify else ())]))
    return 0
