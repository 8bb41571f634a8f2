"""`undeny check`: properties of policies, proved or refuted with a witness."""

import sys
from pathlib import Path
from typing import Any, Literal

import click
import msgspec
from rich.text import Text

from undeny.errors import UndenyError
from undeny.evidence import strict
from undeny.ui.cli import options, output

HELP = "prove no-new-access, access-not-granted, no-public-access"
GROUP = "j"
Kind = Literal["identity", "resource"]


def build() -> click.Command:
    """Build the command with one subcommand for each question."""
    group = click.Group(
        "check", help="Prove a property of policies, or show a request that breaks it. Exit 0: holds, 1: does not, 4: undecided."
    )
    kind = click.Option(
        ["--type", "kind"], type=click.Choice(["identity", "resource"]), default="identity", help="What kind of policy it is."
    )
    old, new, policy = (click.Argument([name]) for name in ("old", "new", "policy"))
    named = (
        click.Option(["--action"], multiple=True, help="An action that must not be granted."),
        click.Option(["--resource"], multiple=True, help="A resource on which it must not be granted."),
    )
    of = click.Option(["--resource-type"], help="As AWS::S3::Bucket.")
    form = options.form("text", "json")
    group.add_command(options.command("no-new-access", _no_new_access, "NEW allows nothing that OLD does not.", (old, new, kind), form))
    group.add_command(options.command("access-not-granted", _not_granted, "POLICY allows none of these.", (policy, kind), named, form))
    group.add_command(options.command("no-public-access", _not_public, "POLICY lets in nobody at large.", (policy, of), form))
    return group


def _no_new_access(*, old: str, new: str, kind: Kind, form: str) -> int:
    from undeny import prove  # noqa: PLC0415 - the prover is loaded only where it proves

    return _tell(prove.no_new_access(_policy(old), _policy(new), type=kind), form)


def _not_granted(*, policy: str, kind: Kind, action: tuple[str, ...], resource: tuple[str, ...], form: str) -> int:
    from undeny import prove  # noqa: PLC0415 - the prover is loaded only where it proves

    if not action and not resource:
        raise UndenyError("nothing is asked: neither an action nor a resource", code="usage", help=("give --action or --resource",))
    return _tell(prove.access_not_granted(_policy(policy), actions=action, resources=resource, type=kind), form)


def _not_public(*, policy: str, resource_type: str | None, form: str) -> int:
    from undeny import prove  # noqa: PLC0415 - the prover is loaded only where it proves

    return _tell(prove.no_public_access(_policy(policy), resource_type=resource_type), form)


def _policy(given: str) -> Any:
    text = _text(given)
    try:
        value = strict.loads(text)
    except ValueError as error:
        shown = f"`{given}`" if len(given) < 80 else "the policy"
        raise UndenyError(f"{shown} is no policy: {str(error).lower()}", code="bad-policy", help=("give a file, `-`, or JSON",)) from error
    if not isinstance(value, dict):
        raise UndenyError("a policy is a JSON object", code="bad-policy")
    return value


def _text(given: str) -> str:
    if given == "-":
        return sys.stdin.read()
    if given.lstrip().startswith("{"):
        return given
    try:
        return Path(given).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UndenyError(f"`{given}` cannot be read", code="no-such-file", help=("give a file, `-`, or JSON",)) from error


def _tell(result: Any, form: str) -> int:
    if form == "json":
        output.json(result)
    else:
        word, style = {True: ("holds", "green"), False: ("does not hold", "red"), None: ("undecided", "yellow")}[result.holds]
        lines = [Text.assemble((word, f"bold {style}"), f": {result.check}")]
        if result.witness is not None:
            witness = msgspec.to_builtins(result.witness)
            lines.append(Text("allowed, and should not be:"))
            lines += [Text(f"  {name:<10}{value}") for name, value in witness.items() if value]
        for one in result.statements:
            told = msgspec.to_builtins(one)
            sid = f' "{told["sid"]}"' if told.get("sid") else ""
            lines.append(Text(f"  by statement {told['index'] + 1}{sid} of the {told['policy']} policy"))
        lines += [Text(f"  to settle it: {need}", style="yellow") for need in result.needs]
        output.show(*lines)
    return {True: 0, False: 1, None: 4}[result.holds]
