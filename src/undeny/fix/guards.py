"""Proposals to the owner of a guard: an SCP, RCP, boundary, session policy or any statement that denies.

undeny never grants around a guard. What it proposes here is always `maybe_incorrect`, names whose decision it is, and carries a
message that is ready to send. Each edit changes the guard as little as lets this one request through.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from undeny.calls.model import Request
from undeny.decide.model import StatementResult
from undeny.diagnose.model import Case
from undeny.evidence.model import Policy
from undeny.fix import documents, grants, owner, requests
from undeny.fix.documents import Json
from undeny.fix.grants import Grant
from undeny.fix.mend import Place
from undeny.fix.model import PolicyEdit
from undeny.iam import wildcard, write

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
    """Propose the exact allow that a guard lacks, in the policy that comes nearest; `None` where no document of it was read."""
    held = _held(case, request, layer)
    if held is None or requests.guessed(request):
        return None
    target, policy, name = held
    statement: Json = {"Effect": "Allow", "Action": request.action, "Resource": requests.resource_element(request)}
    if layer == "rcp":
        return None  # RCPFullAWSAccess allows everything and cannot be detached: an RCP never lacks an allow
    before = documents.plain(policy.document.data) if policy else None
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
    """Give where a guard's allow would stand: target, policy, name."""
    layers = grants.layers_of(case, request)
    if layer in ("boundary", "session"):
        policies = layers.boundary if layer == "boundary" else layers.session
        target = requests.holder_of_policies(request) if layer == "boundary" else (request.principal or "")
        if not isinstance(policies, tuple):
            return None
        editable = [p for p in policies if not owner.aws_managed(p)]
        return (target, editable[0], editable[0].name) if editable else (target, None, "undeny-session") if layer == "session" else None
    levels = layers.scp if layer == "scp" else layers.rcp
    for level in levels if isinstance(levels, tuple) else ():
        policies = level.policies
        if isinstance(policies, tuple) and policies and not _level_allows(policies, request):
            return level.target, policies[0], policies[0].name
    return None


def _level_allows(policies: tuple[Policy, ...], request: Request) -> bool:
    """Whether a level has an Allow whose action covers this one: then it is not the level that lacks it."""
    return any(
        s.effect == "Allow" and any(wildcard.matches(a, request.action, ignore_case=True) for a in s.action or ())
        for p in policies
        for s in p.document.statements
    )


def sparing(case: Case, request: Request, at: Place, told: StatementResult | None) -> Grant | None:
    """Propose that a Deny spares this request: this action alone where that can be written, for this caller or value alone.

    `told` is what the engine says of the statement. `None` where no small exception can be written.
    """
    rest, own = split(at.statement, request.action)
    spared = _spared(request, own, told, grants.holder(case, request))
    token = requests.caller(request).kind in ("web_identity", "saml")
    if (spared is None and not (token and rest is not None)) or spared == own:
        return None  # a token carries no aws:Principal keys: only the action itself can be taken out of such a Deny
    changed = documents.statements(at.policy.document.data)
    changed[at.index : at.index + 1] = [s for s in (rest, spared) if s is not None]
    edit = at.edit(_with(at.policy.document.data, changed))
    return Grant(
        edits=(edit,),
        opens=tuple(_opened(own, request)),
        applicability="maybe_incorrect",
        owner=owner_of(at.layer, request),
        risks=(f"the {NAMES[at.layer]} loses force here: whether it may is its owner's decision",),
        message=_ask_to_spare(request, at, spared or rest or own),
    )


def _with(document: Mapping[str, Any], changed: list[Json]) -> Json:
    """Give the document with these statements; one single object stays an object."""
    if isinstance(document.get("Statement"), Mapping) and len(changed) == 1:
        return documents.replaced(document, 0, changed[0])
    return documents.with_statements(document, changed)


def split(statement: Json, action: str) -> tuple[Json | None, Json]:
    """Split a Deny into what it denies beside `action` (`None`: nothing), and its hold on `action` alone.

    Where the rest cannot be written (an action pattern such as `s3:*`), the statement stays whole.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    """
    own = {k: v for k, v in statement.items() if k not in ("NotAction", "Sid")} | {"Action": action}
    if "NotAction" in statement:
        return statement | {"NotAction": [*documents.listed(statement["NotAction"]), action]}, _in_order(own)
    actions = [str(a) for a in documents.listed(statement.get("Action"))]
    if actions == ["*"]:
        rest = {("NotAction" if k == "Action" else k): (action if k == "Action" else v) for k, v in statement.items()}
        return rest, _in_order(own)
    left = [a for a in actions if a.lower() != action.lower()]
    if any(wildcard.matches(a, action, ignore_case=True) for a in left):
        return None, statement
    return (statement | {"Action": documents.unlisted(left)} if left else None), (_in_order(own) if left else statement)


def _in_order(statement: Json) -> Json:
    """Give the elements in the order in which people write them."""
    order = ("Effect", "Principal", "NotPrincipal", "Action", "Resource", "NotResource", "Condition")
    return {k: statement[k] for k in order if k in statement} | statement


def _opened(own: Json, request: Request) -> Iterator[tuple[str, ...]]:
    """Name what sparing opens: the statement's actions on its resources, for this caller; for others too where a value is spared."""
    for action in documents.listed(own.get("Action")) or ["*"]:
        for resource in documents.listed(own.get("Resource")) or ["*"]:
            yield (
                (str(action), str(resource), "*")
                if requests.caller(request).kind in requests.WITHOUT_POLICIES
                else (str(action), str(resource))
            )


def _spared(request: Request, statement: Json, told: StatementResult | None, arn: str) -> Json | None:
    """Give the Deny with this caller among those it spares, by `aws:PrincipalArn`; never `NotPrincipal`.

    Where the Deny is about the place that the call comes from, that place is spared instead.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html (why not)
    """
    who = requests.caller(request)
    if (by_value := _spared_value(statement, told)) is not None:
        return by_value
    if who.kind == "service":
        return _spared_service(statement)
    if who.kind in ("anonymous", "web_identity", "saml"):
        return None
    excluded = statement.get("NotPrincipal")
    if isinstance(excluded, Mapping) and documents.listed(excluded.get("AWS")):
        return _without_not_principal(statement, arn)
    for operator in ("ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals", "ArnNotLikeIfExists", "StringNotLikeIfExists"):
        spelled = documents.condition_block(statement, operator, "aws:PrincipalArn")
        if spelled:
            values = documents.listed(statement["Condition"][spelled[0]][spelled[1]])
            return documents.with_condition_values(statement, *spelled, [*values, arn])
    return documents.with_condition_values(statement, "ArnNotEquals", "aws:PrincipalArn", [arn])


_PLACES = ("aws:sourcevpce", "aws:sourcevpc", "aws:sourceip", "aws:vpcsourceip")


def _spared_value(statement: Json, told: StatementResult | None) -> Json | None:
    """Give the Deny with the place of this call among those it spares: an address, a VPC, an endpoint."""
    for held in told.held if told else ():
        key, operator = held.key or "", held.operator or ""
        if key.lower() in _PLACES and held.got and "Not" in operator:
            got = [f"{v}/{128 if ':' in v else 32}" if key.lower().endswith("sourceip") else v for v in held.got]
            return documents.with_condition_values(statement, operator, key, [*held.wanted, *got])
    return None


def _spared_service(statement: Json) -> Json:
    """Give the Deny without its hold on AWS's own services, which carry no `aws:PrincipalArn`."""
    return documents.with_condition_values(statement, "BoolIfExists", "aws:PrincipalIsAWSService", ["false"])


def _without_not_principal(statement: Json, arn: str) -> Json:
    """Give the Deny with its spared principals as a condition, which spares the sessions of a role as well.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    spared = [*documents.listed(statement["NotPrincipal"].get("AWS")), arn]
    after = {k: v for k, v in statement.items() if k != "NotPrincipal"} | {"Principal": "*"}
    return documents.with_condition_values(after, "ArnNotEquals", "aws:PrincipalArn", list(dict.fromkeys(spared)))


def owner_of(layer: str, request: Request) -> str | None:
    """Name who decides on a guard: the organisation for its policies, the account of the thing or of the caller for the rest."""
    if layer in ("scp", "rcp"):
        return "organization"
    account = requests.caller(request).account
    if layer == "resource":
        return request.resource_account if account is not None and request.resource_account != account else None
    return account if layer == "boundary" else None


def _ask_to_spare(request: Request, at: Place, statement: Json) -> str:
    where = f"{NAMES[at.layer]} {at.name} on {at.target}" if at.name else f"{NAMES[at.layer]} of {at.target}"
    return (
        f"{requests.in_policies(request)} ({request.principal}) is denied {request.action} on {request.resource} by statement "
        f"{at.index + 1} of the {where}.\nIf it should be allowed, this is the smallest change; the statement would read:\n\n"
        f"{write.dump(statement)}"
    )
