"""The formats of an explanation that are neither a screen nor JSON: HTML, GitHub's annotations, SARIF."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from undeny import pipeline
from undeny.errors import UndenyError
from undeny.fix.model import PolicyEdit
from undeny.ui.cli import in_code, output

if TYPE_CHECKING:
    from undeny.emit.report.spots import Spot, Swap


def write(walked: pipeline.Walk, shown: pipeline.Walk, form: str, folder: str | None) -> None:
    """Write one walk as HTML or annotations. `shown` is what may be shown of it, `folder` the user's code."""
    if form == "html":
        from undeny.emit.report import html  # noqa: PLC0415 - only where it is asked for

        click.echo(html.html(shown), nl=False)
        return
    from undeny.emit.report import github, markdown  # noqa: PLC0415 - only where it is asked for

    click.echo(github.annotations(shown, spots(walked, folder)), nl=False)
    summary = os.environ.get(github.SUMMARY)
    if summary:
        _append(Path(summary), markdown.markdown(shown)[: github.MOST])


def sarif(found: Iterable[tuple[pipeline.Walk, pipeline.Walk]], folder: str | None) -> None:
    """Write walks as SARIF: each as it is, and as it may be shown. Raises `UndenyError` without a folder of code to point at."""
    if folder is None:
        raise UndenyError("SARIF points at lines of your code", code="usage", help=("name its folder: --format sarif --in DIR",))
    from undeny.change import again  # noqa: PLC0415 - only where it is asked for
    from undeny.emit.report import sarif as report  # noqa: PLC0415 - only where it is asked for

    held = [(shown, spots(walked, folder), again.fingerprint(pipeline.to_builtins(walked.explanation))) for walked, shown in found]
    output.json(report.sarif(held))


def spots(walked: pipeline.Walk, folder: str | None) -> "tuple[Spot, ...]":
    """Find where the first fix that edits a policy goes in the user's code; what is not there is said on standard error."""
    from undeny.emit.report.spots import Spot  # noqa: PLC0415 - only where it is asked for

    fix = next((one for one in walked.fixes if any(isinstance(edit, PolicyEdit) for edit in one.changes)), None)
    if folder is None or fix is None:
        return ()
    try:
        made = in_code.patch(walked, fix, folder)
    except UndenyError as problem:
        if problem.code in ("no-code", "no-such-folder"):
            raise
        output.warn((problem,), word="warning")
        return ()
    for gone in made.missing:
        told = UndenyError(f"{gone.what}: {gone.why}".rstrip("."), code="not-in-code", help=gone.candidates)
        output.warn((told,), word="warning")
    swaps = tuple(_swap(folder, one) for one in made.replacements)
    return tuple(
        Spot(path=_path(folder, one.path), line=one.line, what=f"{one.address}: {one.what}", swaps=swaps if not i else ())
        for i, one in enumerate(made.placed)
    )  # fmt: skip


def _swap(folder: str, one: object) -> "Swap":
    from undeny.emit.report.spots import Swap  # noqa: PLC0415 - only where it is asked for

    fields = {name: getattr(one, name) for name in ("line", "column", "end_line", "end_column", "text")}
    return Swap(path=_path(folder, str(getattr(one, "path", ""))), **fields)


def _path(folder: str, path: str) -> str:
    """Give a path of the code as the repository has it: from where the command runs."""
    return str(PurePosixPath(Path(os.path.relpath(Path(folder) / path)).as_posix()))


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise UndenyError(
            f"the job summary `{path}` cannot be written: {(error.strerror or 'refused').lower()}", code="unwritable-file"
        ) from error
