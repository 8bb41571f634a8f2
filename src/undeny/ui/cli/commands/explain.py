"""`undeny explain`: the main job."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import click
import msgspec

from undeny import pipeline
from undeny.calls.model import Given
from undeny.errors import UndenyError
from undeny.ui.cli import options, output, suggest
from undeny.ui.cli import source as sources

HELP = "why a call was refused: cause, proof, fixes"
GROUP = "b"
Shown = Callable[[pipeline.Walk], pipeline.Walk]
"""What is done to a walk before it is shown: nothing, or --redact."""
Write = Callable[[Iterable[pipeline.Walk]], None]
"""Writes walks in the form that was asked for."""


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
            *options.form("text", "json", "markdown", "html", "github", "sarif"),
            click.Option(["--in", "folder"], metavar="DIR", help="Point at the line of your Terraform or CloudFormation in this folder."),
            click.Option(["--all", "every"], is_flag=True, help="Explain each denial of several; JSON lines with --format json."),
            click.Option(["--trail"], multiple=True, help="Trail files on disk: what was changed in the day before.", metavar="PATH"),
            click.Option(["--plan", "reads"], is_flag=True, help="List what --live would read, and read nothing."),
            click.Option(["--from", "origin"], help="Where a call without an answer came from: its path is walked.", metavar="ID"),
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
    folder: str | None = None,
    every: bool = False,
    reads: bool = False,
    verbose: bool = False,
    origin: str | None = None,
    health: str | None = None,
    trail: tuple[str, ...] = (),
    redact: bool = False,
    redact_requests: bool = False,
) -> int:
    if every and form == "html":
        raise UndenyError("a page of HTML is of one denial", code="usage", help=("drop --all, or --format markdown",))
    given = msgspec.structs.replace(options.given(principal, action, resource, context), source=origin)
    found = sources.with_trail(sources.with_health(sources.read(source), health), trail)
    if reads:
        return _show_reads(found, given)
    known = options.opened(evidence, live, profile, region)
    if origin and known is None:
        raise UndenyError("--from needs the network to be read", code="usage", help=("add --live, --profile or --evidence DIR",))
    shown = partial(options.redacted, redact=redact, redact_requests=redact_requests)
    write = partial(_write, form=form, folder=folder, shown=shown, full=verbose, lines=every)
    status = _all(found, known, given, write) if every else _first(found, known, given, write)
    output.warn(found.problems)
    return 2 if found.problems else status


def _first(found: sources.Given, known: Any, given: Given, write: Write) -> int:
    more = tuple(one.denial for one in found.subjects[1:])
    walked = suggest.saved_and_completed(pipeline.walk_subject(found.subjects[0], known, given=given, more=more), known)
    write((walked,))
    return _status(walked)


def _all(found: sources.Given, known: Any, given: Given, write: Write) -> int:
    statuses: list[int] = []

    def walks() -> Iterator[pipeline.Walk]:
        for subject in found.subjects:
            try:
                walked = suggest.saved_and_completed(pipeline.walk_subject(subject, known, given=given), known)
            except UndenyError as problem:
                output.warn((problem,))
                statuses.append(problem.exit_status)
                continue
            statuses.append(_status(walked))
            yield walked

    write(walks())
    return max(statuses, default=0)


def _write(walks: Iterable[pipeline.Walk], *, form: str, folder: str | None, shown: Shown, full: bool, lines: bool) -> None:  # noqa: PLR0913 - the command's own options
    """Write walks, each as soon as it is there; SARIF is one document."""
    if form in ("html", "github", "sarif"):
        from undeny.ui.cli import formats  # noqa: PLC0415 - only where it is asked for

        if form == "sarif":
            formats.sarif(((walked, shown(walked)) for walked in walks), folder)
            return
        for walked in walks:
            formats.write(walked, shown(walked), form, folder)
        return
    for original in walks:
        walked = shown(original)
        if form == "json":
            (output.json_line if lines else output.json)(walked.explanation)
        elif form == "markdown":
            from undeny.emit.report import markdown  # noqa: PLC0415 - only where it is asked for

            click.echo(markdown.markdown(walked), nl=lines)
        else:
            output.page(walked, full=full)
            if folder is not None:
                _in_code(original, folder)
            if lines:
                click.echo()


def _in_code(walked: pipeline.Walk, folder: str) -> None:
    """Say where in the user's code the first fix goes."""
    from undeny.ui.cli import formats  # noqa: PLC0415 - only where it is asked for

    for spot in formats.spots(walked, folder):
        click.echo(f"in your code  {spot.path}:{spot.line}  {spot.what}\nas a patch    undeny fix --in {shlex.quote(folder)}")


def _status(walked: pipeline.Walk) -> int:
    return 4 if walked.explanation.cause.certainty == "unknown" else 0


def _show_reads(found: sources.Given, given: Given) -> int:
    from undeny.aws import collect, health  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned
    from undeny.diagnose import happening  # noqa: PLC0415 - as above

    seen = found.subjects[0].denial
    requests = pipeline.requests_for(found.subjects[0], given)
    asks = happening.may_be_aws(happening.bare(seen, requests))
    for read in (*collect.plan(requests, seen), *(health.planned() if asks else ())):
        click.echo(read.text)
    return 0
