"""`undeny fix --all`: one change for every denial of a source."""

from typing import Any

import click

from undeny import many, pipeline
from undeny.calls.model import Given
from undeny.errors import UndenyError
from undeny.fix.model import Fix
from undeny.ui.cli import output, source

OF_ONE = ("--in", "--out", "--number", "--for-owner", "--redact")


def refuse(given: tuple[Any, ...]) -> None:
    """Refuse what speaks of one fix: the values of `OF_ONE`. Raises `UndenyError`."""
    for value, name in zip(given, OF_ONE, strict=True):
        if value:
            raise UndenyError(
                f"{name} is for one denial, and --all for many", code="usage", help=("with --all: --format json, or --as FORMAT",)
            )


def write(found: source.Given, known: Any, given: Given, *, form: str, code: str | None) -> int:
    """Walk each denial, put their fixes together and write them. Gives 4 where a denial is left without a fix, 2 for unreadable input."""
    walks: list[pipeline.Walk] = []
    for subject in found.subjects:
        try:
            walks.append(pipeline.walk_subject(subject, known, given=given))
        except UndenyError as problem:
            output.warn((problem,))
    if not walks:
        raise UndenyError("none of the denials could be explained", code="no-fix", exit_status=4)
    together = many.all_fixes(tuple(walks))
    if code:
        _code(code, together, walks)
    elif form == "json":
        output.json(together)
    else:
        from undeny.emit.report import many_page  # noqa: PLC0415 - JSON needs no page

        output.show(many_page.Many(together, full=True))
    output.warn(found.problems)
    return 2 if found.problems or len(walks) < len(found.subjects) else 4 if together.left else 0


def _code(code: str, together: many.AllFixes, walks: list[pipeline.Walk]) -> None:
    from undeny.emit import iac  # noqa: PLC0415 - only where code is asked for

    for number, part in enumerate(together.fixes, 1):
        fix = Fix(**{name: getattr(part, name) for name in Fix.__struct_fields__})
        if number > 1:
            click.echo()
        click.echo(iac.render(code, fix, pipeline.scenario_of(walks[part.serves[0] - 1])), nl=False)
