"""`undeny codes`: the catalogue of causes."""

import click
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny import diagnose
from undeny.errors import UndenyError
from undeny.ui.cli import options, output

HELP = "the catalogue of causes; one with its signs, example and fixes"


def build() -> click.Command:
    """Build the command."""
    argument = click.Argument(["code"], required=False)
    return options.command(
        "codes", _run, "List the causes that undeny tells apart, or explain one.", (argument,), options.form("text", "json")
    )


def _run(code: str | None, form: str) -> int:
    known = diagnose.catalogue()
    if code is None:
        return _list(form)
    if code not in known:
        from difflib import get_close_matches  # noqa: PLC0415 - only for a wrong code

        close = get_close_matches(code, known, n=1)
        help_ = (f"did you mean `{close[0]}`?",) if close else ("`undeny codes` lists them",)
        raise UndenyError(f"there is no cause `{code}`", code="no-such-cause", help=help_)
    if form == "json":
        output.json(known[code])
        return 0
    info, to = known[code], output.console()
    to.print(Text(f"{info.code}", style="bold red"), Text(f"· {info.bucket} · {info.title}"))
    to.print()
    to.print(Padding(Text(info.text), (0, 0, 0, 2)))
    to.print()
    to.print(Padding(Text.assemble(("as seen    ", "dim"), info.example), (0, 0, 0, 2)))
    to.print(Padding(Text.assemble(("AWS says   ", "dim"), info.source), (0, 0, 0, 2)))
    for other in info.related:
        to.print(Padding(Text.assemble(("not to be taken for   ", "dim"), f"undeny codes {other}"), (0, 0, 0, 2)))
    return 0


def _list(form: str) -> int:
    known = diagnose.catalogue()
    if form == "json":
        output.json(tuple(known.values()))
        return 0
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    bucket = ""
    for info in sorted(known.values(), key=lambda one: (one.bucket, one.code)):
        table.add_row(info.bucket if info.bucket != bucket else "", info.code, info.title)
        bucket = info.bucket
    output.console().print(table)
    return 0
