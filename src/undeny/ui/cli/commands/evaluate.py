"""`undeny evaluate`: scenarios, one a line, decided locally."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from undeny import decide
from undeny.decide.model import Verdict
from undeny.errors import UndenyError
from undeny.evidence import strict
from undeny.ui.cli import options, output

HELP = "scenarios (JSON lines) decided locally; --expect for CI"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "evaluate",
        _run,
        "Decide scenarios, one JSON object a line, in their order. A bad line is reported and skipped; the exit status is then 2.",
        (
            click.Argument(["file"], required=False),
            click.Option(["--expect"], type=click.Choice(["allowed", "denied"]), help="Exit 1 unless every scenario is decided so."),
        ),
        options.form("json", "text"),
    )


def _run(file: str | None, expect: str | None, form: str) -> int:
    failed, unexpected, seen = 0, 0, 0
    for number, scenario in _lines(file):
        seen += 1
        try:
            verdict = decide.evaluate(_decoded(scenario, number))
        except UndenyError as problem:
            failed += 1
            output.warn((problem,))
            continue
        unexpected += expect is not None and not _as_expected(verdict, expect)
        if form == "json":
            output.json_line(verdict)
        else:
            click.echo(f"{verdict.id or number}  {verdict.decision}  {', '.join(verdict.blocked_by)}".rstrip())
    if not seen:
        raise UndenyError("there is no scenario in the input", code="empty-input", help=("give one JSON object a line",))
    if unexpected:
        click.echo(f"{unexpected} of {seen} not {expect}", err=True)
    return 2 if failed else 1 if unexpected else 0


def _as_expected(verdict: Verdict, expect: str) -> bool:
    return verdict.decision == "allowed" if expect == "allowed" else verdict.decision.endswith("denied")


def _lines(file: str | None) -> Iterator[tuple[int, bytes]]:
    if file is None or file == "-":
        yield from _numbered(sys.stdin.buffer)
        return
    path = Path(file)
    if not path.is_file():
        raise UndenyError(f"no such file: `{file}`", code="no-such-file")
    with path.open("rb") as stream:
        first = stream.read(1)
        stream.seek(0)
        whole = stream.read() if first == b"{" and _one_object(stream.readline()) is False else None
        if whole is not None:
            stream.seek(0)
            yield 1, stream.read()
            return
        stream.seek(0)
        yield from _numbered(stream)


def _one_object(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except msgspec.DecodeError:
        return False
    return True


def _numbered(stream: Any) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield number, line


def _decoded(line: bytes, number: int) -> dict[str, Any]:
    try:
        value = strict.loads(line)
    except ValueError as error:
        raise UndenyError(f"line {number} is no JSON: {str(error).rstrip('.').lower()}", code="bad-line") from error
    if not isinstance(value, dict):
        raise UndenyError(f"line {number} is no JSON object", code="bad-line")
    return value
