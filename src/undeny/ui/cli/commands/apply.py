"""`undeny apply`: shows the plan, asks, carries it out, confirms by reading back."""

from typing import Any

import click

from undeny.emit.report import change_page
from undeny.errors import UndenyError
from undeny.ui.cli import chosen, counting, options, output, saved
from undeny.ui.cli.commands.plan import target

HELP = "carry a fix out: asks first, saves what was there, reads back"
GROUP = "g"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "apply",
        _run,
        "Carry a proven fix out. Shows the plan and asks; in a pipe it needs --yes, and is a dry run without. UNDENY_READ_ONLY=1 refuses.",
        target(),
        (
            click.Option(["--yes"], is_flag=True, help="Do not ask."),
            click.Option(["--caller"], help="Repeat the denied call with this profile of its caller.", metavar="PROFILE"),
            click.Option(["--organization"], is_flag=True, help="Let the fix change an organisation's policy."),
        ),
        options.form("text", "json"),
    )


def _run(  # noqa: PLR0913 - the command's own options
    *,
    fix: str | None,
    number: int | None,
    profile: str | None,
    region: str | None,
    yes: bool,
    caller: str | None,
    organization: bool,
    form: str,
) -> int:
    from undeny import change  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    picked = chosen.chosen(fix, number)
    (session,) = options.sessions((profile,) if profile else (), region)
    planned = change.plan(picked.proven, session, organization=organization, accounts=picked.accounts)
    if form == "text":
        output.show(*change_page.plan_lines(planned))
    if not _agreed(yes=yes):
        click.echo(
            "Nothing was changed." + ("" if options.interactive() else " This was a dry run: --yes carries it out."), err=form == "json"
        )
        return 0
    way = _way(change, picked, caller, region, organization=organization)
    with counting.remediation(session, "apply"):
        outcome = change.carry_out(picked.proven, session, saved.store(), way)
    if form == "json":
        output.json(outcome)
    else:
        output.show(*change_page.outcome_lines(outcome, str(saved.store().home)))
    return 1 if outcome.verification.verified == "denied" else 0


def _agreed(*, yes: bool) -> bool:
    return yes or (options.interactive() and click.confirm("apply?", default=False))


def _way(change: Any, picked: chosen.Chosen, caller: str | None, region: str | None, *, organization: bool) -> Any:
    from undeny import pipeline  # noqa: PLC0415 - loaded with the fix already

    if not picked.walked.case.requests:
        raise UndenyError("the explanation does not say which call was refused", code="no-call")
    return change.Way(
        request=picked.walked.case.requests[0],
        caller=options.sessions((caller,), region)[0] if caller else None,
        organization=organization,
        accounts=picked.accounts,
        explanation=picked.explanation,
        scenario=pipeline.scenario_of(picked.walked),
    )
