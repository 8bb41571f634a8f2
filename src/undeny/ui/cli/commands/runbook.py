"""`undeny runbook`: a change as a page for whoever meets the same denial again."""

import os

import click

from undeny.ui.cli import options, output, saved

HELP = "a runbook page of a change; --publish puts it in Confluence"


def build() -> click.Command:
    """Build the command."""
    argument = click.Argument(["change"], required=False)
    text = (
        "Write a runbook page of a change, the last one unless CHANGE is given: symptom, cause, fix, how it was verified, how to roll "
        "back, how to hear of it next time. --publish puts it into CONFLUENCE_SPACE of CONFLUENCE_URL with CONFLUENCE_TOKEN."
    )
    publish = (click.Option(["--publish"], is_flag=True, help="Make or update the page in Confluence; nothing is sent without this."),)
    return options.command(
        "runbook", _run, text, (argument,), options.form("markdown", "html", "confluence", "json"), publish, options.redact()
    )


def _run(*, change: str | None, form: str, publish: bool, redact: bool, redact_requests: bool) -> int:
    from undeny import change as changes  # noqa: PLC0415 - only where a change is told
    from undeny.emit.report import runbook  # noqa: PLC0415 - only where a change is told

    book = options.redacted(changes.runbook(saved.store(), change), redact, redact_requests)
    if publish:
        from undeny.ui import confluence  # noqa: PLC0415 - only where it is told to publish

        site = confluence.Confluence(confluence.place(os.environ))
        told = site.publish(runbook.title(book), runbook.render(book, "confluence"))
        click.echo(f"{'made' if told.made else 'updated'} {told.url} (version {told.version})")
    elif form == "json":
        output.json(book)
    else:
        click.echo(runbook.render(book, form), nl=False)
    return 0
