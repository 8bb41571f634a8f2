"""Proposals to the owner of a guard: an SCP, RCP, boundary, session policy or any statement that denies.

undeny never grants around a guard. What it proposes here is always `maybe_incorrect`, names whose decision it is, and carries a
message that is ready to send. Each edit changes the guard as little as lets this one request through.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from undeny import decide
from undeny.calls.model import Request
from undeny.decide.model import StatementResult
from undeny.diagnose.model import Case
from undeny.evidence.model import Level, Policy
from undeny.fix import documents, grants, requests
from undeny.fix.documents import Json
from undeny.fix.excepting import excepting
from undeny.fix.grants import Grant
from undeny.fix.mend import Place
from undeny.fix.model import PolicyEdit
from undeny.iam import elements, write

Guard = Literal["boundary", "session", "scp", "rcp"]
NAMES = {
    "scp": "service control policy",
    "rcp": "resource control policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "identity": "identity policy",
    "resource": "resource policy",
    "endpoint": "VPC endpoint policy",
}


def missing_allow(case: Case, request: Request, layer: Guard) -> Grant | None:
    """Propose the exact allow that a guard lacks, in the policy that comes nearest; `None` where it was not read or nobody may write it."""
    held = _held(case, request, layer)
    if held is None or requests.guessed(request):
        return None
    target, policy, name = held
    statement: Json = {"Effect": "Allow", "Action": request.action, "Resource": requests.exact(request)}
    if layer == "scp" and requests.caller(request).kind not in requests.WITHOUT_POLICIES:
        # others of the account would be let through too; an Allow of an SCP takes conditions:
        # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
        statement["Condition"] = {"ArnEquals": {"aws:PrincipalArn": grants.holder(case, request)}}
    before = elements.plain(policy.document.data) if policy else None
    edit = PolicyEdit(layer=layer, target=target, policy=name, before=before, after=documents.added(before, statement))
    return Grant(
        edits=(edit,),
        opens=((request.action, str(statement["Resource"])),),
        applicability="maybe_incorrect",
        owner=owner_of(layer, request),
        risks=(f"the {NAMES[layer]} is a guard: whether it may allow this is its owner's decision",),
        message=grants.ask(request, edit, statement),
    )


def _held(case: Case, request: Request, layer: Guard) -> tuple[str, Policy | None, str] | None:
    """Give where a guard's allow would stand: target, policy (`None`: a new one), name."""
    layers = grants.layers_of(case, request)
    if layer in ("boundary", "session"):
        policies = layers.boundary if layer == "boundary" else layers.session
        target = requests.holder_of_policies(request) if layer == "boundary" else (request.principal or "")
        if policies is not None and not isinstance(policies, tuple):
            return None
        editable = [p for p in policies or () if grants.can_edit(p)]
        if editable or not policies:
            return (target, editable[0], editable[0].name) if editable else (target, None, f"undeny-{layer}")
        return (target, None, "undeny-session") if layer == "session" else None
    if layer == "rcp":
        return None  # RCPFullAWSAccess allows everything and cannot be detached: an RCP never lacks an allow
    for level in layers.scp if isinstance(layers.scp, tuple) else ():
        if isinstance(level.policies, tuple) and not _level_allows(case, request, level):
            own = [p for p in level.policies if grants.can_edit(p)]
            return level.target, own[0] if own else None, own[0].name if own else "undeny-allow"
    return None


def _level_allows(case: Case, request: Request, level: Level) -> bool:
    """Whether a level by itself allows the request: then it is not the level that lacks it."""
    held = grants.layers_of(case, request)
    alone = msgspec.structs.replace(case.evidence, policies=msgspec.structs.replace(held, scp=(level,)))
    return decide.decide(request, alone, explain=False).layers["scp"] == "allowed"


def sparing(case: Case, request: Request, at: Place, told: StatementResult | None) -> Grant | None:
    """Propose that a Deny spares this request and goes on denying all else. `told` is what the engine says of the statement.

    `None` where nothing tells the request from the rest of what the Deny is for.
    """
    cut = excepting(at.statement, request, told, grants.holder(case, request), (at.layer, at.target))
    if cut is None or list(cut.statements) == [at.statement]:
        return None
    changed = elements.statements(at.policy.document.data)
    changed[at.index : at.index + 1] = cut.statements
    edit = at.edit(_with(at.policy.document.data, changed))
    risks: tuple[str, ...] = (f"the {NAMES[at.layer]} loses force here: whether it may is its owner's decision",)
    if not cut.exact:
        risks = (*risks, f"opens more than this call: {cut.opens[0]} on {cut.opens[1]}{_to_whom(request, cut.opens)}")
    if cut.loose:
        risks = (*risks, f"opens more than this call: the same call with other values of {', '.join(cut.loose)}")
    if cut.by_length:
        risks = (*risks, f"an action that AWS adds one day with a name as long as {request.action}'s would be spared here too")
    return Grant(
        edits=(edit,),
        opens=(cut.opens,),
        applicability="maybe_incorrect",
        owner=owner_of(at.layer, request),
        risks=risks,
        message=_ask_to_spare(request, at, cut.statements),
    )


def _to_whom(request: Request, opens: tuple[str, ...]) -> str:
    if len(opens) < len(("action", "resource", "anyone")):
        return ""
    return " for AWS services" if requests.caller(request).kind == "service" else " for callers without an ARN, such as this one"


def _with(document: Mapping[str, Any], changed: list[Json]) -> Json:
    """Give the document with these statements; one single object stays an object."""
    if isinstance(document.get("Statement"), Mapping) and len(changed) == 1:
        return documents.replaced(document, 0, changed[0])
    return documents.with_statements(document, changed)


def owner_of(layer: str, request: Request) -> str | None:
    """Name who decides on a guard: the organisation for its policies, the account of the thing or of the caller for the rest."""
    if layer in ("scp", "rcp"):
        return "organization"
    account = requests.caller(request).account
    if layer == "resource":
        return request.resource_account if account is not None and request.resource_account != account else None
    return account if layer == "boundary" else None


def _ask_to_spare(request: Request, at: Place, statements: tuple[Json, ...]) -> str:
    where = f"{NAMES[at.layer]} {at.name} on {at.target}" if at.name else f"{NAMES[at.layer]} of {at.target}"
    reads = "the statement would go" if not statements else "in its place would stand"
    return (
        f"{requests.in_policies(request)} ({request.principal}) is denied {request.action} on {request.resource} by statement "
        f"{at.index + 1} of the {where}.\nIf it should be allowed, this is the smallest change; {reads}:\n\n"
        + "\n".join(write.dump(statement) for statement in statements)
    )
