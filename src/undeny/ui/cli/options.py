"""Options that several commands share, and what they amount to."""

import sys
from collections.abc import Callable
from typing import Any

import click

from undeny.calls.model import Given
from undeny.errors import UndenyError


def with_options(command: click.Command, *groups: tuple[click.Parameter, ...]) -> click.Command:
    """Add groups of options to a command."""
    for group in groups:
        command.params.extend(group)
    return command


def command(name: str, callback: Callable[..., Any], text: str, *groups: tuple[click.Parameter, ...]) -> click.Command:
    """Build a command from its parts."""
    return click.Command(name, callback=callback, help=text, params=[p for group in groups for p in group])


def source() -> tuple[click.Parameter, ...]:
    """Give the SOURCE argument."""
    return (click.Argument(["source"], required=False),)


def told() -> tuple[click.Parameter, ...]:
    """Give the options that say what a text omits."""
    return (
        click.Option(["--principal"], help="Whose call it was: an ARN.", metavar="ARN"),
        click.Option(["--action"], help="Which action was refused, as s3:GetObject.", metavar="ACTION"),
        click.Option(["--resource"], help="On what: an ARN.", metavar="ARN"),
        click.Option(["--context"], multiple=True, help="A condition key of the call.", metavar="KEY=VALUE"),
    )


def evidence() -> tuple[click.Parameter, ...]:
    """Give the options that say where evidence is read; without one of them nothing is asked of AWS."""
    return (
        click.Option(["--evidence"], help="Read evidence from a snapshot folder.", metavar="DIR"),
        click.Option(["--live"], is_flag=True, help="Read what is needed from AWS with your credentials."),
        click.Option(["--profile"], multiple=True, help="Read from AWS with this profile; one for each account concerned.", metavar="NAME"),
        click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
    )


def form(*names: str) -> tuple[click.Parameter, ...]:
    """Give `--format`."""
    return (click.Option(["--format", "form"], type=click.Choice(names), default=names[0], help="How to write the answer."),)


def redact() -> tuple[click.Parameter, ...]:
    """Give `--redact`."""
    return (
        click.Option(["--redact"], is_flag=True, help="Replace account ids and names by stand-ins, the same one everywhere."),
        click.Option(["--redact-requests"], is_flag=True, help="As --redact, and request, host and event ids too."),
    )


def redacted(value: Any, redact: bool, redact_requests: bool) -> Any:  # noqa: FBT001 - flags from the command line
    """Give `value` as `--redact` asks for it."""
    if not redact and not redact_requests:
        return value
    from undeny.denial import redact as stand_ins  # noqa: PLC0415 - only where it is asked for

    return stand_ins.redact(value, request_ids=redact_requests)


def given(principal: str | None, action: str | None, resource: str | None, context: tuple[str, ...]) -> Given:
    """Give what a person added. Raises `UndenyError` for a context that is no KEY=VALUE."""
    return Given(principal=principal, action=action, resource=resource, context=context_of(context))


def context_of(pairs: tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    """Read KEY=VALUE pairs; a key that is given several times has several values."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise UndenyError(f"`--context {pair}` is not KEY=VALUE", code="usage", help=("as in --context aws:SourceIp=203.0.113.9",))
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else tuple(values) for key, values in found.items()}


def opened(evidence: str | None, live: bool, profile: tuple[str, ...], region: str | None) -> Any:  # noqa: FBT001 - a flag from the command line
    """Give what the walk reads from: a snapshot's path, sessions, or `None` for nothing."""
    if evidence:
        if live or profile:
            raise UndenyError(
                "evidence comes from a snapshot or from AWS, not from both", code="usage", help=("drop --evidence, or --live",)
            )
        return evidence
    return sessions(profile, region) if live or profile else None


def sessions(profile: tuple[str, ...], region: str | None) -> tuple[Any, ...]:
    """Open a session for each profile, boto3's own choice where none is named."""
    from undeny.aws import session  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    return tuple(session.open_session(name, region) for name in profile or (None,))


def interactive() -> bool:
    """Whether a person can be asked: both ends are a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
