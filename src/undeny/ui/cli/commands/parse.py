"""`undeny parse`: only what the text itself says."""

import click
from rich.table import Table

from undeny.denial.model import Denial
from undeny.ui.cli import options, output
from undeny.ui.cli import source as sources

HELP = "only what the message or event itself says"
_SHOWN = (
    "error_code", "operation", "principal", "action", "resource", "kind", "policy_type", "policy_arn", "request_id", "host_id",
    "authorization_id", "event_id", "event_time", "region", "account", "source_ip", "vpc_endpoint_id", "line", "message",
)  # fmt: skip


def build() -> click.Command:
    """Build the command."""
    text = "Say only what the message or event itself says: nothing is guessed, nothing is asked of AWS."
    return options.command("parse", _run, text, options.source(), options.form("text", "json"), options.redact())


def _run(*, source: str | None, form: str, redact: bool, redact_requests: bool) -> int:
    found = sources.read(source)
    denials = options.redacted(tuple(one.denial for one in found.subjects), redact, redact_requests)
    if form == "json":
        output.json(denials)
    else:
        to = output.console()
        for i, one in enumerate(denials):
            if i:
                to.print()
            to.print(_table(one))
    output.warn(found.problems)
    return 2 if found.problems else 0


def _table(denial: Denial) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for name in _SHOWN:
        value = getattr(denial, name)
        if value is not None:
            table.add_row(name.replace("kind", "denial").replace("_", " "), str(value))
    for key, values in denial.context.items():
        table.add_row(key, ", ".join(values))
    if denial.encoded_message:
        table.add_row("encoded", "yes, cut short: it cannot be decoded" if denial.encoded_truncated else "yes")
    return table
