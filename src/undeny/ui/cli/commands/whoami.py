"""`undeny whoami`: whose credentials these are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from undeny.emit.report import words
from undeny.ui.cli import options, output

if TYPE_CHECKING:
    from undeny.aws import whose

HELP = "whose credentials these are, from where, until when"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "whoami",
        _run,
        "Ask AWS whose credentials these are; say where boto3 found them and until when they are good. It needs no permission.",
        (
            click.Option(["--profile"], help="The profile to ask with.", metavar="NAME"),
            click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
        ),
        options.form("text", "json"),
    )


def _run(profile: str | None, region: str | None, form: str) -> int:
    from undeny.aws import session  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked
    from undeny.aws.whose import SKEW, ask  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    found = ask(session.open_session(profile, region))
    if form == "json":
        output.json(found)
        return 0
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for name, value in _rows(found, SKEW):
        table.add_row(name, Text(value))
    output.show(Text(words.principal(found.arn), style="bold"), table)
    return 0


def _rows(found: "whose.Whose", skew: int) -> Iterator[tuple[str, str]]:
    yield "arn", found.arn
    yield "account", found.account
    yield "from", (found.provider or "not said") + (f", profile {found.profile}" if found.profile else "")
    yield "key", f"{found.access_key_id} ({'temporary' if found.temporary else 'long-term'})"
    yield "until", words.when(found.expires) if found.expires else "not said" if found.temporary else "no end: a long-term key"
    yield "region", found.region or "none set"
    if found.clock_offset is not None:
        way = "ahead of" if found.clock_offset > 0 else "behind"
        off = f"{abs(found.clock_offset)} s {way} AWS's"
        yield "clock", "right, to the second" if not found.clock_offset else off + (": too far" if abs(found.clock_offset) > skew else "")
