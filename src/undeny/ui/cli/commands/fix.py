"""`undeny fix`: ranked fixes with their proofs, as code where asked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from undeny import pipeline
from undeny.emit import iac
from undeny.errors import UndenyError
from undeny.fix.model import Fix, PolicyEdit
from undeny.ui.cli import in_code, options, output, returning, suggest
from undeny.ui.cli import source as sources

if TYPE_CHECKING:
    from undeny.emit.report.owner import Letter

HELP = "ranked fixes with proofs; --as terraform, cloudformation, ..."
GROUP = "e"


def build() -> click.Command:
    """Build the command."""
    formats = ", ".join(iac.main_names())
    return options.command(
        "fix",
        _run,
        "Show what would let a denied call through, proved where the evidence allows it; a number is a fix of the last explanation.",
        (click.Argument(["source"], required=False, metavar="[SOURCE|NUMBER]"),),
        options.told(),
        options.evidence(),
        (
            *options.form("text", "json", "markdown"),
            click.Option(
                ["--as", "code"],
                type=click.Choice(iac.names()),
                metavar="FORMAT",
                help=f"Write the fix as code: {formats}.",
            ),
            click.Option(
                ["--in", "folder"], metavar="DIR", help="Find the policy in this folder of Terraform or CloudFormation; write a patch."
            ),
            click.Option(["--for-owner", "owner"], metavar="ACCOUNT|LAYER", help="Write the message to whoever owns that side of the fix."),
            click.Option(["--out"], type=click.Path(file_okay=False), help="Write fix-N.json (and the code of --as) into this folder."),
            click.Option(["--all", "every"], is_flag=True, help="One change for every denial of a log, a trail file or scenarios."),
            *options.redact(),
            click.Option(["--number"], type=click.IntRange(1), help="Which fix; the first unless said."),
        ),
    )


def _run(  # noqa: PLR0913 - the command's own options
    *,
    source: str | None,
    principal: str | None,
    action: str | None,
    resource: str | None,
    context: tuple[str, ...],
    evidence: str | None,
    live: bool,
    profile: tuple[str, ...],
    region: str | None,
    form: str,
    code: str | None,
    folder: str | None,
    owner: str | None,
    out: str | None,
    number: int | None,
    redact: bool,
    redact_requests: bool,
    every: bool,
) -> int:
    _agree(folder, code, out, redacted=redact or redact_requests)
    if source and source.isdigit():
        number, source = int(source), None
    found = sources.or_latest(source)
    given = options.given(principal, action, resource, context)
    known = options.opened(evidence, live, profile, region)
    if every:
        return _for_all(found, known, given, form=form, code=code, one=(folder, out, number, owner, redact or redact_requests))
    walked = suggest.saved_and_completed(pipeline.walk_subject(found.subjects[0], known, given=given), known)
    original, walked = walked, options.redacted(walked, redact, redact_requests)
    if not walked.explanation.fixes:
        raise UndenyError("there is no fix that undeny could propose", code="no-fix", exit_status=4, help=_why_none(walked))
    if code and code.startswith("lambda"):
        _refuse_unproved(walked, number)
    if owner:
        letter = _letter(original, owner, number)
        return _tell(options.redacted((original, letter), redact, redact_requests)[1], form)
    if out:
        return _write(walked, Path(out), code, number, folder)
    if folder:
        _warn_unproved(walked)
        return in_code.write(walked, _chosen(walked, number), folder, form)
    if code:
        _warn_unproved(walked)
        click.echo(iac.render(code, _chosen(walked, number), pipeline.scenario_of(walked)), nl=False)
        return 0
    if number is not None:
        _chosen(walked, number)
    if form == "json":
        output.json(walked.explanation.fixes if number is None else walked.explanation.fixes[number - 1])
        return 0
    if form == "markdown":
        from undeny.emit.report import markdown  # noqa: PLC0415 - only where it is asked for

        click.echo(markdown.markdown(walked), nl=False)
        return 0
    returning.lead(walked)
    output.page(walked, full=True)
    return 0


def _letter(walked: pipeline.Walk, owner: str, number: int | None) -> "Letter":
    from undeny.emit.report import owner as letters  # noqa: PLC0415 - only where it is asked for

    if number is not None:
        _chosen(walked, number)
    return letters.letter(walked, owner, number)


def _tell(one: "Letter", form: str) -> int:
    """Print the message to the owner of a side of the fix."""
    from undeny.emit.report import owner as letters  # noqa: PLC0415 - only where it is asked for

    if form == "json":
        output.json(one)
    else:
        click.echo(letters.markdown(one) if form == "markdown" else letters.text(one), nl=False)
    return 0


def _chosen(walked: pipeline.Walk, number: int | None) -> Fix:
    fixes = walked.fixes
    wanted = number or 1
    if wanted > len(fixes):
        raise UndenyError(f"there is no fix {wanted}", code="no-such-fix", help=(f"there are {len(fixes)}",))
    return fixes[wanted - 1]


def _warn_unproved(walked: pipeline.Walk) -> None:
    """Say on standard error that code of a text alone is a proposal."""
    if not any(proof.holds is not None for fix in walked.explanation.fixes for proof in fix.proofs):
        help_ = ("it is a proposal: look at it, or read the evidence first with --live",)
        output.warn(
            (UndenyError("nothing was read but the text, so this fix is not proved", code="not-proved", help=help_),), word="warning"
        )


def _refuse_unproved(walked: pipeline.Walk, number: int | None) -> None:
    """Refuse a function for a fix that is not proved: nobody looks at it again before it is carried out."""
    _chosen(walked, number)
    if walked.proven[(number or 1) - 1] is None:
        raise UndenyError(
            f"fix {number or 1} is not proved, and a function would carry it out by itself",
            code="not-proved",
            exit_status=4,
            help=("read the evidence first: --live, --profile or --evidence",),
        )


def _agree(folder: str | None, code: str | None, out: str | None, *, redacted: bool) -> None:
    """Refuse options that do not go together. Raises `UndenyError`."""
    if folder and redacted:
        raise UndenyError("a patch is of your own code: nothing in it is redacted", code="usage", help=("drop --redact, or --in",))
    if folder and code and not out:
        help_ = ("one of them, or both with --out DIR",)
        raise UndenyError("--in writes your own code, --as a file beside it", code="usage", help=help_)


def _for_all(found: sources.Given, known: Any, given: Any, *, form: str, code: str | None, one: tuple[Any, ...]) -> int:  # noqa: PLR0913 - the command's own options
    from undeny.ui.cli import fix_all  # noqa: PLC0415 - only where many are mended at once

    fix_all.refuse(one)
    return fix_all.write(found, known, given, form=form, code=code)


def _why_none(walked: pipeline.Walk) -> tuple[str, ...]:
    return tuple(f"to settle it: {one.what}: {one.how}" for one in walked.explanation.missing_evidence[:3])


def _write(walked: pipeline.Walk, folder: Path, code: str | None, number: int | None, within: str | None) -> int:
    _make(folder)
    scenario = pipeline.scenario_of(walked)
    for i, fix in enumerate(walked.fixes, 1):
        if number not in (None, i):
            continue
        record = {"undeny": 1, "fix": walked.explanation.fixes[i - 1], "scenario": scenario, "proved_at": datetime.now(UTC)}
        output.save(folder / f"fix-{i}.json", msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n")
        for one in (code, *iac.companions(code)) if code else ():
            output.save(folder / f"fix-{i}.{iac.suffix(one)}", iac.render(one, fix, scenario))
        if within and any(isinstance(edit, PolicyEdit) for edit in fix.changes):
            _patch(walked, fix, folder / f"fix-{i}.patch", within)
    return 0


def _patch(walked: pipeline.Walk, fix: Fix, path: Path, within: str) -> None:
    made = in_code.patch(walked, fix, within)
    for line in in_code.told(made, within, walked.fixes.index(fix) + 1):
        click.echo(line, err=True)
    if made.diff:
        output.save(path, made.diff)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UndenyError(f"`{folder}` cannot be made: {(error.strerror or 'refused').lower()}", code="unwritable-file") from error
