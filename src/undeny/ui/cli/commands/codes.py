"""`undeny codes`: the catalogue of causes."""

from collections.abc import Iterator
from typing import Any

import click
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from undeny import diagnose
from undeny.diagnose.info import CauseInfo
from undeny.errors import UndenyError
from undeny.ui.cli import options, output

HELP = "the catalogue of causes; one with its signs, example and fixes"
PARTS = (("Signs:", "signs"), ("Mends it:", "mends it"), ("Does not:", "does not"))
"""How a paragraph of a cause's text begins, and what the page calls it."""
WHAT: dict[str, str] = {
    "permission": "a policy, or another authorisation beside IAM, refused it",
    "credentials": "nobody looked at a policy: AWS did not take the caller's credentials",
    "propagation": "nothing is wrong: a change has not arrived everywhere yet",
    "account": "the account's own state stands in the way",
    "call": "the call itself cannot be made like this",
    "network": "no answer came from AWS, so no policy was asked",
    "quota": "a count, a rate or a size is used up",
    "service": "AWS's own side failed",
}


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
    output.show(Group(*_page(known[code])))
    return 0


def _page(info: CauseInfo) -> Iterator[Any]:
    """Draw one cause: what it is, how it shows, what mends it and what does not, what it is taken for."""
    yield Text.assemble((info.code, "bold red"), "  ", (info.title, "bold"))
    yield Text(f"{info.bucket}: {WHAT[info.bucket]}", style="dim")
    for label, paragraph in _paragraphs(info.text):
        yield Text()
        yield _labelled(label, Text(paragraph))
    yield Text()
    yield _labelled("as seen", Text(info.example))
    yield from _told_apart(info)
    yield from _by(info.code)
    yield Text()
    yield _labelled("AWS says", Text(info.source, overflow="fold"))


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Give each paragraph as one line, with what the page calls it; its line breaks are the source's and not the reader's."""
    for number, paragraph in enumerate(text.split("\n\n")):
        flowing = " ".join(paragraph.split())
        start, label = next((part for part in PARTS if flowing.startswith(part[0])), ("", "" if number else "what it is"))
        yield label, flowing.removeprefix(start).strip()


def _told_apart(info: CauseInfo) -> Iterator[Any]:
    """List what it is easily taken for, each with its own meaning."""
    known = diagnose.catalogue()
    if not info.related:
        return
    yield Text()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for code in info.related:
        table.add_row(code, known[code].title)
    yield _labelled("unlike", table)


def _by(code: str) -> Iterator[Any]:
    """List what undeny offers to mend it."""
    from undeny.fix.propose import serving  # noqa: PLC0415 - the list of causes needs no fixes

    offers = [(strategy.__doc__ or "").strip().partition(":")[0].partition(".")[0] for strategy in serving(code)]
    if offers:
        yield Text()
        yield _labelled("offered", Text("\n".join(offers)))


def _labelled(label: str, body: Any) -> Padding:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=10, style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_row(label, body)
    return Padding(table, (0, 0, 0, 2))


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
    output.show(table, Text(), Text("one of them: undeny codes CODE", style="dim"))
    return 0
