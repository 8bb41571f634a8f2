"""`undeny can`: what a principal may do."""

from functools import reduce
from typing import Any

import click
import msgspec
from rich.text import Text

from undeny import calls, catalog, decide
from undeny import evidence as evidence_room
from undeny.calls.model import Given, Request
from undeny.decide.allowing import allowed_if
from undeny.decide.model import Verdict
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.evidence.joined import join
from undeny.evidence.model import Evidence
from undeny.iam.arn import Arn
from undeny.ui.cli import options, output

HELP = "may this principal do that? yes, no or unknown, and why"
GROUP = "d"


def build() -> click.Command:
    """Build the command."""
    arguments = (
        click.Argument(["principal"]),
        click.Argument(["action"]),
        click.Argument(["resource"], required=False),
        click.Option(["--context"], multiple=True, help="A condition key of the call.", metavar="KEY=VALUE"),
    )
    text = "Decide a call before it is made. Exit status 0: allowed, 1: denied, 4: not known."
    return options.command("can", _run, text, arguments, options.evidence(), options.form("text", "json"))


def _run(  # noqa: PLR0913 - the command's own options
    *,
    principal: str,
    action: str,
    resource: str | None,
    context: tuple[str, ...],
    evidence: str | None,
    live: bool,
    profile: tuple[str, ...],
    region: str | None,
    form: str,
) -> int:
    _say_unknown(action)
    request = _request(principal, action, resource, context)
    known = _evidence(request, options.opened(evidence, live, profile, region))
    verdict = decide.decide(request, known)
    condition = allowed_if(request, known)
    if form == "json":
        output.json({**msgspec.to_builtins(verdict), "allowed_if": condition})
    else:
        _tell(request, verdict)
        if condition is not None:
            output.console().print(Text(f"  would be allowed if {condition.words}"))
    return {"allowed": 0, "unknown": 4}.get(verdict.decision, 1)


def _say_unknown(action: str) -> None:
    """Warn of an action that the catalogue does not know, with the one that was probably meant."""
    if ":" not in action or "*" in action or "?" in action or catalog.action(action) is not None:
        return
    meant = catalog.did_you_mean(action)
    help_ = (f"did you mean `{meant}`?",) if meant else ()
    output.warn((UndenyError(f"no AWS service has the action `{action}`", code="unknown-action", help=help_),), word="warning")


def _request(principal: str, action: str, resource: str | None, context: tuple[str, ...]) -> Request:
    if ":" not in action:
        raise UndenyError(f"`{action}` is no action", code="usage", help=("an action is written SERVICE:Name, as s3:GetObject",))
    if resource is not None and resource != "*" and Arn.parse(resource) is None:
        raise UndenyError(f"`{resource}` is no ARN", code="usage", help=("a resource is written as an ARN, or `*`",))
    given = Given(principal=principal, action=action, resource=resource or "*", context=options.context_of(context))
    return calls.requests_of(Denial(), given)[0]


def _evidence(request: Request, known: Any) -> Evidence:
    if known is None:
        return evidence_room.unread(request)
    if isinstance(known, str):
        from undeny.evidence import snapshot  # noqa: PLC0415 - only where a snapshot is read

        return snapshot.read(known).evidence_for(request)
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    return reduce(join, [collect.collect(session, (request,)) for session in known])


def _tell(request: Request, verdict: Verdict) -> None:
    word, style = {"allowed": ("yes", "green"), "unknown": ("unknown", "yellow")}.get(verdict.decision, ("no", "red"))
    to = output.console()
    blocked = f": blocked by {', '.join(verdict.blocked_by)}" if verdict.blocked_by else ""
    to.print(Text.assemble((word, f"bold {style}"), f"  {request.action} on {request.resource}{blocked}"))
    for one in verdict.statements[:3]:
        sid = f' "{one.sid}"' if one.sid else ""
        to.print(Text(f"  {one.layer} {one.policy or 'policy'}, statement {one.index + 1}{sid} ({one.effect}): {one.why}"))
    for need in verdict.needs:
        to.print(Text(f"  to settle it: {need}", style="yellow"))
    if verdict.decision == "unknown":
        to.print(Text("  nothing was read: add --live, --profile or --evidence" if not verdict.statements else "", style="dim"))
