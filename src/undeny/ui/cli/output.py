"""What leaves the program: JSON alone on standard output, a page at the terminal's width, warnings on standard error."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from undeny.errors import UndenyError

if TYPE_CHECKING:
    from rich.console import Console

    from undeny.pipeline import Walk

WIDE, NARROWEST = 100, 40


def json(value: Any) -> None:
    """Write a value as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def json_line(value: Any) -> None:
    """Write a value as one line of JSON."""
    click.echo(msgspec.json.encode(value).decode())


def console(*, error: bool = False) -> "Console":
    """Give a console: the terminal's width up to what is readable, 100 columns in a pipe; `NO_COLOR` is respected."""
    from rich.console import Console  # noqa: PLC0415 - JSON needs no console

    stream = sys.stderr if error else sys.stdout
    columns = shutil.get_terminal_size((WIDE, 24)).columns  # `COLUMNS` where it is a number
    if not stream.isatty():
        return Console(
            file=stream,
            width=columns,
            force_terminal=False,
            color_system=None,
            highlight=False,
            markup=False,
            emoji=False,
        )
    return Console(file=stream, width=max(NARROWEST, min(columns, WIDE + 10)), highlight=False, markup=False, emoji=False)


def show(*blocks: Any, error: bool = False) -> None:
    """Print blocks of rich: as they are on a terminal, without trailing blanks in a pipe."""
    to = console(error=error)
    if to.is_terminal:
        to.print(*blocks, sep="\n")
        return
    with to.capture() as captured:
        to.print(*blocks, sep="\n")
    click.echo("\n".join(line.rstrip() for line in captured.get().replace("\u00a0", " ").splitlines()), err=error)


def page(walk: "Walk", *, full: bool = False, error: bool = False) -> None:
    """Print a walk's page."""
    from undeny.emit.report import terminal  # noqa: PLC0415 - JSON needs no page

    show(terminal.Screen(walk, full=full), error=error)


def warn(problems: tuple[UndenyError, ...], *, word: str = "error") -> None:
    """Say on standard error what of the input could not be read."""
    from undeny.ui.cli.main import tell  # noqa: PLC0415 - main imports the commands lazily

    for problem in problems:
        tell(problem, word=word)


def save(path: Path, text: str) -> None:
    """Write a file, its folder too where it is missing, and name it. Raises `UndenyError` where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UndenyError(f"`{path}` cannot be written: {(error.strerror or 'refused').lower()}", code="unwritable-file") from error
    click.echo(str(path))
