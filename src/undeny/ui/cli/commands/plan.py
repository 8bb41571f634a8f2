"""`undeny plan`: what carrying a fix out would do."""

import shlex

import click

from undeny.emit.report import change_page
from undeny.ui.cli import chosen, options, output

HELP = "what carrying a fix out would do: calls, diff, what is one-way"
GROUP = "f"


def target() -> tuple[click.Parameter, ...]:
    """Give the FIX argument and the credentials that carry it out."""
    return (
        click.Argument(["fix"], required=False, metavar="[FIX]"),
        click.Option(["--number"], type=click.IntRange(1), help="Which fix of the explanation; the first unless said."),
        click.Option(["--profile"], help="Carry it out with this profile.", metavar="NAME"),
        click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
    )


def build() -> click.Command:
    """Build the command."""
    text = "Show what carrying a fix out would do. FIX is a number of the last explanation, its id, or a fix-N.json; nothing is written."
    return options.command("plan", _run, text, target(), options.form("text", "json"))


def _run(*, fix: str | None, number: int | None, profile: str | None, region: str | None, form: str) -> int:
    from undeny import change  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    picked = chosen.chosen(fix, number)
    (session,) = options.sessions((profile,) if profile else (), region)
    planned = change.plan(picked.proven, session, organization=True, accounts=picked.accounts)
    if form == "json":
        output.json(planned)
        return 0
    output.show(*change_page.plan_lines(planned))
    click.echo(f"Nothing was changed. To carry it out: {_command(picked, profile, planned.names)}")
    if planned.notice:
        click.echo(f"\nTo send to whoever depends on it:\n\n{planned.notice}")
    return 0


def _command(picked: chosen.Chosen, profile: str | None, names: tuple[str, ...]) -> str:
    words = ["undeny apply", picked.explanation or ""]
    words += [f"--number {picked.number}"] if picked.number > 1 else []
    words += [f"--profile {profile}"] if profile else []
    words += [f"--yes-to {shlex.quote(name)}" for name in names]
    return " ".join(word for word in words if word)
