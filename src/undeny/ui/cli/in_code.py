"""`--in DIR`: the change of a fix as a patch on standard output; on standard error where it goes, and what is not in the code."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from undeny import pipeline
from undeny.emit import iac
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, Fix, PolicyEdit
from undeny.iam import write as write_policy
from undeny.ui.cli import output

if TYPE_CHECKING:
    from undeny.emit.source.patch import Patched


def write(walked: pipeline.Walk, fix: Fix, folder: str, form: str) -> int:
    """Print the patch (or its JSON); 0 where every document of the fix is in it, 1 where one is not."""
    made = patch(walked, fix, folder)
    if form == "json":
        output.json({"patch": made.diff, "placed": made.placed, "missing": made.missing, "unread": made.unread})
    else:
        click.echo(made.diff, nl=False)
        for line in told(made, folder, walked.fixes.index(fix) + 1):
            click.echo(line, err=True)
        if not made.diff:
            code, name = ("terraform", "Terraform") if any(Path(folder).rglob("*.tf")) else ("cloudformation", "a template")
            click.echo(
                f"# none of it is in `{folder}`: as {name} of its own; what exists is imported: undeny fix --as {code} --out DIR", err=True
            )
            click.echo(iac.render(code, fix, pipeline.scenario_of(walked)), nl=False)
    return 1 if made.missing else 0


def patch(walked: pipeline.Walk, fix: Fix, folder: str) -> "Patched":
    """Make the patch. Raises `UndenyError` for a fix that changes no policy."""
    from undeny.emit.source import patch as patches  # noqa: PLC0415 - code is read only where it is asked for

    if all(isinstance(edit, CallEdit) for edit in fix.changes):
        how = next((edit.how for edit in fix.changes if isinstance(edit, CallEdit)), "")
        raise UndenyError(
            "this fix changes the call, not a policy: there is nothing to write in your code", code="not-in-code", help=(how,)
        )
    open_ends = _open_ends(fix)
    if open_ends:
        raise UndenyError(
            f"the text does not say everything that this fix needs: {', '.join(f'`{one}`' for one in open_ends)}",
            code="has-placeholders",
            exit_status=4,
            help=("give --principal ARN and --resource ARN, or read the evidence with --live or --evidence DIR",),
        )
    return patches.patched(fix, pipeline.scenario_of(walked), Path(folder))


def _open_ends(fix: Fix) -> list[str]:
    """Give the placeholders that stand in a fix's policies."""
    if fix.applicability != "has_placeholders":
        return []
    held = "".join(write_policy.dump([edit.target, edit.policy, edit.after]) for edit in fix.changes if isinstance(edit, PolicyEdit))
    return list(dict.fromkeys(re.findall(r"<[A-Za-z][^<>]*>", held)))


def told(made: "Patched", folder: str, number: int) -> Iterator[str]:
    """Give the lines that say what the patch changes, what it does not, and how it is applied."""
    for one in made.placed:
        yield f"{one.how:<8} {one.address}  {one.path}:{one.line}  {one.what}"
        yield from (f"         {note}" for note in one.notes)
    for gone in made.missing:
        yield f"missing  {gone.what}: {gone.why}"
        yield from (f"         {one}" for one in gone.candidates)
    yield from (f"unread   {one}" for one in made.unread)
    if made.diff:
        where, which = shlex.quote(folder), f" --number {number}" if number > 1 else ""
        yield f"apply    undeny fix --in {where}{which} | patch -p1 -d {where}"
