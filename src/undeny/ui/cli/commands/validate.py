"""`undeny validate`: what is wrong in a policy document."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from undeny.errors import UndenyError
from undeny.iam import document as documents
from undeny.iam.model import Document
from undeny.prove.validating import Finding, Kind, validate
from undeny.ui.cli import options, output

HELP = "what is wrong in a policy: findings with place and way out"
_MOST = 10_000_000
_WINDOW = 88


def build() -> click.Command:
    """Build the command."""
    arguments = (
        click.Argument(["policy"]),
        click.Option(
            ["--type", "kind"],
            type=click.Choice(["identity", "resource", "scp", "rcp"]),
            default="identity",
            help="What kind of policy it is; a trust, key or endpoint policy is `resource`.",
        ),
    )
    text = "Check a policy document: a file, `-`, or JSON. Exit status 0: nothing found, 1: something found."
    return options.command("validate", _run, text, arguments, options.form("text", "json"))


def _run(policy: str, kind: Kind, form: str) -> int:
    document = documents.read(_text(policy))
    found = validate(document, kind)
    if form == "json":
        output.json(found)
    else:
        for line in _page(document, found, "policy" if policy == "-" or policy.lstrip()[:1] in "{[" else policy):
            click.echo(line)
    return 1 if found else 0


def _text(given: str) -> str | bytes:
    if given == "-":
        return sys.stdin.buffer.read(_MOST)
    if given.lstrip()[:1] in ("{", "["):
        return given
    try:
        return Path(given).read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise UndenyError(f"`{given}` cannot be read: {reason}", code="no-such-file", help=("give a file, `-`, or JSON",)) from error


def _page(document: Document, found: tuple[Finding, ...], name: str) -> Iterator[str]:
    lines = document.text.splitlines()
    for one in found:
        color = "red" if one.level == "error" else "yellow"
        yield f"{click.style(one.level, fg=color, bold=True)}[{one.code}]: {one.message}"
        if one.place is not None and one.place.line <= len(lines):
            shown, column = _window(lines[one.place.line - 1], one.place.column - 1)
            number = str(one.place.line)
            yield f"  {' ' * len(number)}┌ {name}:{one.place.line}:{one.place.column}  {one.path}"
            yield f"  {number}│ {shown}"
            length = max(1, min(one.place.length, len(shown.rstrip()) - column))
            yield f"  {' ' * len(number)}│ {' ' * column}{click.style('^' * length, fg=color)}"
        for line in one.help:
            yield f"  = {line}"
        yield f"  = {one.source}"
    yield _count(found)


def _count(found: tuple[Finding, ...]) -> str:
    if not found:
        return "nothing found"
    errors = sum(one.level == "error" for one in found)
    parts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in ((errors, "error"), (len(found) - errors, "warning")) if count]
    return ", ".join(parts)


def _window(text: str, column: int) -> tuple[str, int]:
    text = text.replace("\t", " ")
    if len(text) <= _WINDOW:
        return text, column
    start = max(0, min(column - 20, len(text) - _WINDOW))
    head = "…" if start else ""
    return f"{head}{text[start : start + _WINDOW]}{'…' if start + _WINDOW < len(text) else ''}", column - start + len(head)
