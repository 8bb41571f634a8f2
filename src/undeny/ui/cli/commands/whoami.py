"""`undeny whoami`: whose credentials these are."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from undeny.emit.report import words
from undeny.errors import UndenyError
from undeny.iam.principal import Principal
from undeny.ui.cli import options, output

if TYPE_CHECKING:
    from undeny.aws import whose
    from undeny.aws.trusting import Trusted

HELP = "whose credentials these are, from where, until when"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "whoami",
        _run,
        "Ask AWS whose credentials these are; say where boto3 found them, until when they are good, and what is likely not meant. "
        "It needs no permission; what a few reads would add is named.",
        (
            click.Option(["--profile"], help="The profile to ask with.", metavar="NAME"),
            click.Option(["--region"], help="The Region to ask.", metavar="REGION"),
            click.Option(["--expect"], help="Exit 1 if it is anybody else: an ARN, or the name of a role or user.", metavar="WHO"),
            click.Option(["--trust"], type=click.Path(), help="A trust policy to lay beside the token's claims.", metavar="FILE"),
        ),
        options.form("text", "json"),
    )


def _run(*, profile: str | None, region: str | None, expect: str | None, trust: str | None, form: str) -> int:
    from undeny.aws.whose import SKEW, ask  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    found = ask(profile, region, environ=os.environ, home=Path.home(), trust=_text(trust) if trust else None)
    another = expect is not None and found.arn is not None and not _is(found.arn, expect)
    if form == "json":
        output.json(found)
    else:
        _show(found, SKEW)
    if found.problem:
        click.echo(f"error[{found.problem_code}]: {found.problem}", err=True)
        return 3
    if another:
        click.echo(f"this is not {expect}: calls from here are made by {found.arn}, whatever policies {expect} has", err=True)
    return 1 if another else 0


def _text(file: str) -> str:
    try:
        return Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UndenyError(f"`{file}` cannot be read", code="no-such-file") from error


def _is(arn: str, wanted: str) -> bool:
    """Whether that is who was expected: a role's sessions are the role."""
    who, one = Principal.parse(arn), Principal.parse(wanted)
    if not wanted.startswith("arn:"):
        return wanted in {who.name, (who.name or "").rpartition("/")[2], who.session_name}
    if who.kind == "role_session" and one.kind == "role":
        return (who.account, who.name) == (one.account, (one.name or "").rpartition("/")[2])
    return arn == wanted


def _show(found: "whose.Whose", skew: int) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for name, value in _rows(found, skew):
        table.add_row(name, Text(value))
    title = words.principal(found.arn) if found.arn else (found.problem or "not known")
    output.show(Text(title, style="bold"), table)


def _rows(found: "whose.Whose", skew: int) -> Iterator[tuple[str, str]]:
    if found.behind:
        yield "that is", found.behind.says
    if found.arn and found.account:
        yield "arn", found.arn
        yield "account", found.account
    yield "from", (found.provider or "nowhere: boto3 found none") + (f", profile {found.profile}" if found.profile else "")
    if found.place:
        yield "in", found.place
    if found.access_key_id:
        since = f", since {found.key_created:%Y-%m-%d}" if found.key_created else ""
        yield "key", f"{found.access_key_id} ({'temporary' if found.temporary else 'long-term'}{since})"
        yield "until", words.when(found.expires) if found.expires else "not said" if found.temporary else "no end: a long-term key"
    if found.login:
        until = words.when(found.login.expires) if found.login.expires else "nobody has logged in on this machine"
        yield "login", f"Identity Center {found.login.name}: {until}"
    yield "region", (found.region or "none set") + (f" ({found.region_opt_in})" if found.region_opt_in else "")
    if found.clock_offset is not None:
        way = "ahead of" if found.clock_offset > 0 else "behind"
        off = f"{abs(found.clock_offset)} s {way} AWS's"
        yield "clock", "right, to the second" if not found.clock_offset else off + (": too far" if abs(found.clock_offset) > skew else "")
    yield from _token(found)
    for number, line in enumerate(found.warnings):
        yield "" if number else "mind", line
    for number, line in enumerate(found.unseen):
        yield "" if number else "not seen", line


def _token(found: "whose.Whose") -> Iterator[tuple[str, str]]:
    token = found.token
    if token is None:
        return
    yield "token", f"of {token.issuer}" + (f": {token.says}" if token.says else "")
    yield "", f"sub {token.subject}"
    yield "", f"aud {', '.join(token.audience) or 'none'}" + (f", until {words.when(token.expires)}" if token.expires else "")
    if token.expires and token.expires < datetime.now(UTC):
        yield "", "it has ended"
    if found.trust:
        yield from _trust(found.trust)


def _trust(trust: "Trusted") -> Iterator[tuple[str, str]]:
    said = {True: "lets this token in", False: "does not let this token in", None: "cannot be decided from this token"}
    yield "trust", f"the trust policy of {trust.role or 'the role'} {said[trust.allowed]}"
    for one in trust.conditions:
        mark = "✓" if one.holds else "✗"
        yield "", f"{mark} {one.key}: wanted {' or '.join(one.wanted)}; the token has {', '.join(one.got) if one.got else 'none'}"
    if trust.why and not any(not one.holds for one in trust.conditions):
        yield "", trust.why
