"""`undeny run -- COMMAND`: the command as it is, and an explanation if it failed on a denial."""

import random
import time
from collections.abc import Callable
from typing import Any

import click

from undeny import pipeline
from undeny.errors import UndenyError
from undeny.ui.cli import options, output, passthrough, retrying, suggest

HELP = "run a command; if AWS refuses it, explain that afterwards"
GROUP = "a"


def build() -> click.Command:
    """Build the command."""
    built = options.command(
        "run",
        _run,
        "Run COMMAND with its output and exit status untouched. If it failed on a denial, explain it on standard error.",
        (
            click.Argument(["command"], nargs=-1, required=True, type=click.UNPROCESSED),
            click.Option(
                ["--retry"],
                type=click.FloatRange(0, 3600),
                default=0,
                help="Repeat it for so many seconds while the denial can heal by itself.",
            ),
        ),
        options.evidence(),
    )
    built.context_settings = {"ignore_unknown_options": True, "allow_interspersed_args": False}
    return built


def _run(  # noqa: PLR0913 - the command's own options
    *,
    command: tuple[str, ...],
    retry: float,
    evidence: str | None,
    live: bool,
    profile: tuple[str, ...],
    region: str | None,
) -> int:
    pauses = retrying.pauses(retry, time.monotonic, random.random)
    while True:
        ran = passthrough.run(command)
        if ran.status == 0:
            return 0
        walked = _explained(ran, lambda: options.opened(evidence, live, profile, region))
        healing = walked is not None and retrying.can_heal(walked.explanation)
        pause = next(pauses, None) if healing else None
        if walked is None or pause is None:
            break
        told = f"this can heal by itself ({walked.explanation.cause.code}): nothing to edit, again in {pause:.0f} s"
        click.echo(f"undeny: {told}", err=True)
        time.sleep(pause)
    if walked is not None:
        click.echo(err=True)
        output.page(walked, error=True)
    return ran.status


def _explained(ran: passthrough.Ran, reading: Callable[[], Any]) -> pipeline.Walk | None:
    """Give the explanation of the first denial in what the command said, `None` where it failed for another reason."""
    for said in (ran.errors, ran.output):
        try:
            found, _ = pipeline.subjects_in(said, "the command's output") if said.strip() else ((), ())
        except UndenyError:
            continue
        if not found:
            continue
        try:
            known = reading()
            more = tuple(one.denial for one in found[1:])
            return suggest.saved_and_completed(pipeline.walk_subject(found[0], known, more=more), known)
        except UndenyError as problem:
            output.warn((problem,))
            return suggest.saved_and_completed(pipeline.walk_subject(found[0]), None)
    return None
