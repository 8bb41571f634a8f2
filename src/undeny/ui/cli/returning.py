"""A denial that comes back again and again: then the code is what has to change, and `fix` leads with it."""

import click

from undeny import pipeline
from undeny.emit import iac
from undeny.errors import UndenyError
from undeny.fix.model import Fix, PolicyEdit
from undeny.ui.cli import saved

OFTEN = 3
"""Times from which on a denial is told as one that comes back."""
_FORMATS = {"cloudformation": "cloudformation"}


def lead(walked: pipeline.Walk) -> None:
    """Say how often this denial was met, and print its first fix as code, where it came back for the third time or more."""
    from undeny.change import again  # noqa: PLC0415 - only where a fix is shown

    try:
        met = again.again(saved.store(), pipeline.to_builtins(walked.explanation))
    except UndenyError:
        return  # the page has said already that the state folder cannot be used
    if met.times < OFTEN:
        return
    since = f" since {met.first:%Y-%m-%d}" if met.first else ""
    click.echo(
        f"this denial was met {met.times} times{since}: a change made by hand does not last, so here is the code; undeny fix --in DIR"
    )
    click.echo(f"writes it into yours{_managed(walked)}.\n")
    fix = next((one for one in walked.fixes if any(isinstance(edit, PolicyEdit) for edit in one.changes)), None)
    if fix is None:
        click.echo("every fix changes the call: mend it in the program that makes it\n")
        return
    click.echo(iac.render(_format(fix), fix, pipeline.scenario_of(walked)))


def _format(fix: Fix) -> str:
    return _FORMATS.get(fix.managed_by or "", "terraform")


def _managed(walked: pipeline.Walk) -> str:
    by = next((fix.managed_by for fix in walked.fixes if fix.managed_by), None)
    return f" ({by} manages it)" if by else ""
