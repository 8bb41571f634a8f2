"""`undeny runbook`: a change as a page for whoever meets the same denial again."""

import click

from undeny.ui.cli import options, output, saved

HELP = "a runbook page (Markdown) from the journal of a change"


def build() -> click.Command:
    """Build the command."""
    argument = click.Argument(["change"], required=False)
    text = "Write a runbook page of a change, the last one unless CHANGE is given: what was seen, why, what was done, how to undo it."
    return options.command("runbook", _run, text, (argument,), options.form("markdown", "json"), options.redact())


def _run(*, change: str | None, form: str, redact: bool, redact_requests: bool) -> int:
    from undeny import change as changes  # noqa: PLC0415 - only where a change is told
    from undeny.emit.report import runbook  # noqa: PLC0415 - only where a change is told

    book = options.redacted(changes.runbook(saved.store(), change), redact, redact_requests)
    if form == "json":
        output.json(book)
    else:
        click.echo(runbook.markdown(book), nl=False)
    return 0
