"""`undeny guard pack`: the AWS Config conformance pack."""

from typing import Any

import click

from undeny import pipeline
from undeny.emit.guard import pack
from undeny.errors import UndenyError
from undeny.fix.model import Fix
from undeny.ui.cli import options, output, saved, source

HELP = "the AWS Config conformance pack"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "pack",
        _run,
        "Write the AWS Config conformance pack: that trails go on telling of refusals, that nothing is opened too wide, and that the first "
        "fix of SOURCE (the last explanation) stays as it was proved. Without one only the general rules are in it.",
        options.source(),
        (click.Option(["--number"], type=click.IntRange(1), default=1, help="Which fix; the first unless said."),),
        options.form("yaml", "json"),
    )


def _run(*, source: str | None, number: int, form: str) -> int:
    fix, scenario = _fix(source, number)
    if form == "json":
        output.json(pack.rules(fix, scenario))
        return 0
    text = pack.render(fix, scenario)
    if len(text.encode()) > pack.LARGEST:
        raise UndenyError(
            f"the pack has {len(text.encode()):,} bytes, and AWS Config takes {pack.LARGEST:,}",
            code="too-large",
            help=("the fix's policy is too long for a rule's parameter: write the pack before there is an explanation",),
        )
    click.echo(text, nl=False)
    return 0


def _fix(given: str | None, number: int) -> tuple[Fix | None, dict[str, Any]]:
    if given is None and not saved.store().explanations():
        return None, {}
    walked = pipeline.walk_subject(source.or_latest(given).subjects[0])
    return (walked.fixes[number - 1] if number <= len(walked.fixes) else None), pipeline.scenario_of(walked)
