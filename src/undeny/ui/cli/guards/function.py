"""`undeny guard function`: the event-driven function that diagnoses refused calls and pages where AWS has an event there."""

from pathlib import Path
from typing import Any

import click

from undeny import __version__
from undeny.emit.guard import function as codes
from undeny.emit.guard.function import FunctionCode
from undeny.ui.cli import options, output

HELP = "the function that diagnoses each refusal, and pages"
SAYS = """\
A refused call or an event of AWS Health comes in, a diagnosis goes out: one structured line and a metric for each. It pages the topic only
where both are of the same service in the same Region, whichever came first; for the callers that --principal names it pages for any
refusal. It changes nothing.

Its role may write and query its one table, publish to the topic, and write its log; with --read it may read policies too. Refusals and
Health's events are kept in the table and expire, so a support plan without the Health API is enough.
"""
STEPS = (
    ("undeny guard function --out guard", "writes guard.tf, guard.template.json and build-layer.sh"),
    ("sh guard/build-layer.sh", "makes layer.zip: undeny itself"),
    ("deploy one of the two", "in each Region; for services without a Region in us-east-1 too"),
)


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "function",
        _run,
        "Write the function that diagnoses each refused call, and pages where AWS Health has an event there.",
        (
            click.Option(["--principal"], multiple=True, help="Page for any refusal of this caller.", metavar="ARN|NAME"),
            click.Option(["--topic"], help="SNS topic that is paged.", metavar="ARN"),
            click.Option(["--read"], is_flag=True, help="Let it read policies, so that its diagnoses are proven."),
            click.Option(["--ask-health"], is_flag=True, help="Let it ask the Health API too, where the support plan has it."),
            click.Option(["--region"], default="us-east-1", show_default=True, help="The Region it goes to.", metavar="REGION"),
            click.Option(["--as", "code"], type=click.Choice(codes.names()), help="Print one of them."),
            click.Option(["--out"], type=click.Path(file_okay=False), help="Write all of them into this folder.", metavar="DIR"),
        ),
    )


def _run(  # noqa: PLR0913 - the command's own options
    *,
    principal: tuple[str, ...],
    topic: str | None,
    read: bool,
    ask_health: bool,
    region: str,
    code: str | None,
    out: str | None,
) -> int:
    made = FunctionCode(
        region=region,
        version=__version__,
        principals=principal,
        topic=topic,
        reads=_reads() if read else (),
        asks=ask_health,
    )
    if code:
        click.echo(codes.render(code, made), nl=False)
    elif out:
        _write(made, Path(out))
    else:
        _show()
    return 0


def _show() -> None:
    from rich.table import Table  # noqa: PLC0415 - only for the page
    from rich.text import Text  # noqa: PLC0415 - only for the page

    table = Table.grid(padding=(0, 2, 0, 0))
    for number, (command, what) in enumerate(STEPS, 1):
        table.add_row(Text(str(number)), Text(command, style="cyan"), Text(what))
    output.show(*(Text(f"{text.replace(chr(10), ' ').strip()}\n") for text in SAYS.split("\n\n")), table)


def _reads() -> tuple[dict[str, Any], ...]:
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only where the reads are listed

    return tuple(collect.reader_policy()["Statement"])


def _write(made: FunctionCode, folder: Path) -> None:
    for name in codes.names():
        output.save(folder / codes.file_name(name), codes.render(name, made))
