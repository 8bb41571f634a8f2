"""`undeny who-can`: everyone that a snapshot lets do it."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec
from rich.text import Text

from undeny import calls, decide
from undeny.calls.model import Given
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.evidence.model import Evidence
from undeny.ui.cli import options, output

HELP = "everyone that a snapshot lets do it, and through which statement"


class Through(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that lets them."""

    layer: str
    policy: str | None
    sid: str | None
    index: int


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """One principal: `decision` is `allowed` or `unknown`; `when` names what is not known and would decide, empty for always."""

    principal: str
    decision: str
    when: dict[str, Any]
    through: tuple[Through, ...]


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "who-can",
        _run,
        "List every role and user of a snapshot (undeny collect --account) that may call ACTION on RESOURCE.",
        (
            click.Argument(["action"]),
            click.Argument(["resource"]),
            click.Option(["--evidence"], required=True, help="The snapshot's folder.", metavar="DIR"),
            click.Option(["--context"], multiple=True, help="A condition key of the call.", metavar="KEY=VALUE"),
        ),
        options.form("text", "json"),
    )


def _run(*, action: str, resource: str, evidence: str, context: tuple[str, ...], form: str) -> int:
    if ":" not in action:
        raise UndenyError(f"`{action}` is no action", code="usage", help=("an action is written SERVICE:Name, as s3:GetObject",))
    found = tuple(_allowed(action, resource, evidence, options.context_of(context)))
    if form == "json":
        output.json(found)
        return 0
    for one in found:
        through = ", ".join(f"{t.layer} {t.policy or 'policy'} statement {t.index + 1}" for t in one.through)
        style = "green" if one.decision == "allowed" else "yellow"
        output.show(Text.assemble((f"{one.decision:<8} ", style), one.principal, (f"  {through}", "dim")))
        for need in one.when.get("needs", ()):
            output.show(Text(f"         unless {need}", style="yellow"))
    if not found:
        click.echo(f"nobody in {evidence} may call {action} on {resource}")
    return 0


def _direct(evidence: Evidence, context: dict[str, Any]) -> Evidence:
    """Give the evidence of a call that goes through no VPC endpoint, unless the context names one."""
    if any(key.lower() == "aws:sourcevpce" for key in context):
        return evidence
    return msgspec.structs.replace(evidence, policies=msgspec.structs.replace(evidence.policies, endpoint=None))


def _allowed(action: str, resource: str, folder: str, context: dict[str, Any]) -> Iterator[Allowed]:
    from undeny.evidence import snapshot  # noqa: PLC0415 - only where a snapshot is read

    held = snapshot.read(folder)
    for principal in sorted(held.holders):
        request = calls.requests_of(Denial(), Given(principal=principal, action=action, resource=resource, context=context))[0]
        verdict = decide.decide(request, _direct(held.evidence_for(request), context))
        if verdict.decision not in ("allowed", "unknown"):
            continue
        grants = [s for s in verdict.statements if s.effect == "Allow" and s.applies and s.layer in ("identity", "resource")]
        if verdict.decision == "unknown" and not grants:
            continue
        through = tuple(Through(layer=s.layer, policy=s.policy, sid=s.sid, index=s.index) for s in grants)
        when = {"needs": list(verdict.needs)} if verdict.needs else {}
        yield Allowed(principal=principal, decision=verdict.decision, when=when, through=through)
