"""`undeny explain`: the main job."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from undeny import pipeline
from undeny.calls.model import Given
from undeny.errors import UndenyError
from undeny.ui.cli import options, output, suggest
from undeny.ui.cli import source as sources

HELP = "why a call was refused: cause, proof, fixes"
GROUP = "b"
Shown = Callable[[pipeline.Walk], pipeline.Walk]
"""What is done to a walk before it is shown: nothing, or --redact."""


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "explain",
        _run,
        "Explain why an AWS call was refused: the cause, its proof, and what would let it through.",
        options.source(),
        options.told(),
        options.evidence(),
        (
            *options.form("text", "json", "markdown"),
            click.Option(["--all", "every"], is_flag=True, help="Explain each denial of several; JSON lines with --format json."),
            click.Option(["--plan", "reads"], is_flag=True, help="List what --live would read, and read nothing."),
            click.Option(["--health"], help="Events of AWS Health, as EventBridge brings them or its API lists them.", metavar="FILE"),
            *options.redact(),
            click.Option(["--verbose"], is_flag=True, help="Show every line of every fix, and all that was ruled out."),
        ),
    )


def _run(  # noqa: PLR0913 - the command's own options
    *,
    source: str | None = None,
    principal: str | None = None,
    action: str | None = None,
    resource: str | None = None,
    context: tuple[str, ...] = (),
    evidence: str | None = None,
    live: bool = False,
    profile: tuple[str, ...] = (),
    region: str | None = None,
    form: str = "text",
    every: bool = False,
    reads: bool = False,
    verbose: bool = False,
    health: str | None = None,
    redact: bool = False,
    redact_requests: bool = False,
) -> int:
    given = options.given(principal, action, resource, context)
    found = sources.with_health(sources.read(source), health)
    if reads:
        return _show_reads(found, given)
    known = options.opened(evidence, live, profile, region)
    shown = partial(options.redacted, redact=redact, redact_requests=redact_requests)
    status = _all(found, known, given, form, shown) if every else _first(found, known, given, form, shown, verbose=verbose)
    output.warn(found.problems)
    return 2 if found.problems else status


def _first(found: sources.Given, known: Any, given: Given, form: str, shown: Shown, *, verbose: bool) -> int:  # noqa: PLR0913 - as _all
    more = tuple(one.denial for one in found.subjects[1:])
    walked = shown(suggest.saved_and_completed(pipeline.walk_subject(found.subjects[0], known, given=given, more=more), known))
    if form == "json":
        output.json(walked.explanation)
    else:
        _page(walked, form, full=verbose)
    return _status(walked)


def _all(found: sources.Given, known: Any, given: Given, form: str, shown: Shown) -> int:
    statuses = []
    for subject in found.subjects:
        try:
            walked = shown(suggest.saved_and_completed(pipeline.walk_subject(subject, known, given=given), known))
        except UndenyError as problem:
            output.warn((problem,))
            statuses.append(problem.exit_status)
            continue
        statuses.append(_status(walked))
        if form == "json":
            output.json_line(walked.explanation)
        else:
            _page(walked, form)
            click.echo()
    return max(statuses, default=0)


def _page(walked: pipeline.Walk, form: str, *, full: bool = False) -> None:
    if form == "markdown":
        from undeny.emit.report import markdown  # noqa: PLC0415 - only where it is asked for

        click.echo(markdown.markdown(walked), nl=False)
    else:
        output.page(walked, full=full)


def _status(walked: pipeline.Walk) -> int:
    return 4 if walked.explanation.cause.certainty == "unknown" else 0


def _show_reads(found: sources.Given, given: Given) -> int:
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    requests = pipeline.requests_for(found.subjects[0], given)
    for read in collect.plan(requests, found.subjects[0].denial):
        click.echo(read.text)
    return 0
