"""`undeny apply`: shows the plan, asks, carries it out, confirms by reading back."""

import shlex
from pathlib import Path
from typing import Any

import click
import msgspec

from undeny.emit.report import change_page
from undeny.errors import UndenyError
from undeny.ui.cli import chosen, counting, options, output, saved
from undeny.ui.cli.commands.plan import target

HELP = "carry a fix out: asks first, saves what was there, reads back"
GROUP = "g"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    fix: str | None
    number: int | None
    profile: str | None
    region: str | None
    yes: bool
    yes_to: tuple[str, ...]
    caller: str | None
    organization: bool
    reader: tuple[str, ...]
    resume: bool
    sandbox: str | None
    sandbox_name: tuple[str, ...]
    export: str | None
    export_git: str | None
    aws_checks: bool
    form: str


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "apply",
        lambda **given: _run(Asked(**given)),
        "Carry a proven fix out. Shows the plan and asks; in a pipe it needs --yes, and is a dry run without. UNDENY_READ_ONLY=1 refuses.",
        target(),
        (
            click.Option(["--yes"], is_flag=True, help="Do not ask."),
            click.Option(["--yes-to"], multiple=True, help="Say yes to a one-way or guard-weakening step by its name.", metavar="NAME"),
            click.Option(["--caller"], help="Repeat the denied call with this profile of its caller.", metavar="PROFILE"),
            click.Option(["--reader"], multiple=True, help="Read another account's side back with this profile.", metavar="PROFILE"),
            click.Option(["--organization"], is_flag=True, help="Let the fix change an organisation's policy."),
            click.Option(["--resume"], is_flag=True, help="Go on with a change that was cut off: FIX is its id, else the last."),
            click.Option(["--sandbox"], help="Walk it in this profile's account first; no more, if it fails there.", metavar="PROFILE"),
            click.Option(["--sandbox-name"], multiple=True, help="What is called otherwise in the sandbox.", metavar="OURS=THEIRS"),
            *keeping(),
            click.Option(["--aws-checks"], is_flag=True, help="Ask Access Analyzer's custom checks too: they may be charged."),
        ),
        options.form("text", "json"),
    )


def keeping() -> tuple[click.Parameter, ...]:
    """Give the options that say where the configuration of everything touched is kept."""
    return (
        click.Option(["--export"], help="Keep what stood there in this folder; `exports` of the state folder unless said.", metavar="DIR"),
        click.Option(["--export-git"], help="Commit it to this git repository too.", metavar="REPO"),
    )


def kept(export: str | None, export_git: str | None) -> dict[str, Any]:
    """Give where the configuration is kept, as a change takes it."""
    return {"export": Path(export) if export else saved.store().home / "exports", "git": Path(export_git) if export_git else None}


def _run(asked: Asked) -> int:
    from undeny import change  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    if asked.resume:
        return _resume(change, asked)
    picked = chosen.chosen(asked.fix, asked.number)
    (session,) = options.sessions((asked.profile,) if asked.profile else (), asked.region)
    planned = change.plan(picked.proven, session, organization=asked.organization, accounts=picked.accounts)
    if asked.form == "text":
        output.show(*change_page.plan_lines(planned))
    if not agreed(yes=asked.yes, form=asked.form):
        return 0
    _named(planned.names, asked.yes_to)
    _say_charged(asked)
    way = _way(change, picked, asked)
    if asked.sandbox:
        _sandbox(change, picked, planned.account, asked, way)
    with counting.remediation(session, "apply"):
        outcome = change.carry_out(picked.proven, session, saved.store(), way)
    return _shown(outcome, asked.form)


def agreed(*, yes: bool, form: str, question: str = "apply?") -> bool:
    """Ask, unless a yes was given; says that nothing was changed where there is none."""
    if yes or (options.interactive() and click.confirm(question, default=False)):
        return True
    click.echo("Nothing was changed." + ("" if options.interactive() else " This was a dry run: --yes carries it out."), err=form == "json")
    return False


def _named(names: tuple[str, ...], given: tuple[str, ...]) -> None:
    """Have the name of each one-way or guard-weakening step typed. Raises `UndenyError` where one is not."""
    for name in names:
        if name in given or (options.interactive() and click.prompt(f"this weakens a guard or is one-way: type `{name}` to go on") == name):
            continue
        raise UndenyError(
            f"the step on `{name}` weakens a guard or is one-way: a yes alone does not carry it out",
            help=(f"--yes-to {shlex.quote(name)}", "nothing was changed"),
            code="name-wanted",
        )


def _say_charged(asked: Asked) -> None:
    if asked.aws_checks:
        from undeny.change.analysing import CHARGED  # noqa: PLC0415 - loaded already

        click.echo(f"IAM Access Analyzer: {CHARGED}", err=True)


def _resume(change: Any, asked: Asked) -> int:
    from undeny.evidence import scenario  # noqa: PLC0415 - only where a scenario is read

    record = saved.store().change(asked.fix)
    if asked.form == "text":
        click.echo(f"would go on with change {record.id} in {record.account}: {', '.join(one.title for one in record.meant)}")
    if not agreed(yes=asked.yes, form=asked.form, question="go on?"):
        return 0
    (session,) = options.sessions((asked.profile,) if asked.profile else (), asked.region or record.region)
    request = scenario.read(record.scenario).request if record.scenario is not None else None
    way = change.Way(
        request=request,
        caller=_session(asked.caller, asked.region),
        organization=True,
        analyze=True,
        readers=_readers(asked),
        aws_checks=asked.aws_checks,
        **kept(asked.export or record.export, asked.export_git),
    )
    with counting.remediation(session, "apply"):
        outcome = change.resume(saved.store(), session, record.id, way)
    return _shown(outcome, asked.form)


def _shown(outcome: Any, form: str) -> int:
    if form == "json":
        output.json(outcome)
    else:
        output.show(*change_page.outcome_lines(outcome, str(saved.store().home)))
    alarming = outcome.analysis is not None and outcome.analysis.alarming
    return 1 if outcome.verification.verified == "denied" or alarming else 0


def _session(profile: str | None, region: str | None) -> Any:
    return options.sessions((profile,), region)[0] if profile else None


def _readers(asked: Asked) -> tuple[Any, ...]:
    return options.sessions(asked.reader, asked.region) if asked.reader else ()


def _sandbox(change: Any, picked: chosen.Chosen, account: str, asked: Asked, way: Any) -> None:
    from undeny.aws import session as sessions  # noqa: PLC0415 - loaded already

    there = _session(asked.sandbox, asked.region)
    number = sessions.identity(there).account
    if number == account:
        raise UndenyError(f"profile `{asked.sandbox}` is of the very account that the fix is for", code="usage", help=("give another",))
    told = {account: number}
    for pair in asked.sandbox_name:
        ours, sign, theirs = pair.partition("=")
        if not sign or not ours or not theirs:
            raise UndenyError(
                f"`--sandbox-name {pair}` is not OURS=THEIRS", code="usage", help=("as in --sandbox-name logs-prod=logs-lab",)
            )
        told[ours] = theirs
    walked = change.walk_in_sandbox(picked.proven, there, saved.store(), way, told)
    if asked.form == "text":
        output.show(*change_page.sandbox_lines(walked))


def _way(change: Any, picked: chosen.Chosen, asked: Asked) -> Any:
    from undeny import pipeline  # noqa: PLC0415 - loaded with the fix already

    if not picked.walked.case.requests:
        raise UndenyError("the explanation does not say which call was refused", code="no-call")
    return change.Way(
        request=picked.walked.case.requests[0],
        caller=_session(asked.caller, asked.region),
        organization=asked.organization,
        accounts=picked.accounts,
        explanation=picked.explanation,
        scenario=pipeline.scenario_of(picked.walked),
        readers=_readers(asked),
        analyze=True,
        aws_checks=asked.aws_checks,
        **kept(asked.export, asked.export_git),
    )
