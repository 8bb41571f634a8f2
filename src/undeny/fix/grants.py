"""The smallest grant for one request in one layer: exact action, exact resource, smallest principal.

A grant is for layers that lack an allow. None is ever made where a statement denies, and none in an SCP, RCP, boundary or session
policy: those are their owners' (`strategies/owner_proposal.py`).
"""

import msgspec

from undeny import decide
from undeny import evidence as evidence_room
from undeny.calls.model import Request
from undeny.diagnose.model import Case
from undeny.evidence.model import Gap, Policies, Policy
from undeny.fix import documents, owner, requests
from undeny.fix.documents import Json
from undeny.fix.model import Applicability, Fix, ManagedBy, PolicyEdit
from undeny.iam import elements, write
from undeny.iam.arn import Arn
from undeny.iam.limits import LENGTHS

WITHOUT_ARN = "opens more than this call: to every caller without an ARN of its own, through this endpoint"
TO_EVERYONE = "opens more than this call: to everyone, without credentials"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Edits of one layer for one request, with what the fix that takes them in has to say of them."""

    edits: tuple[PolicyEdit, ...]
    opens: tuple[tuple[str, ...], ...]
    applicability: Applicability = "machine_applicable"
    owner: str | None = None
    managed_by: ManagedBy | None = None
    assumes: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    message: str | None = None


def layers_of(case: Case, request: Request) -> Policies:
    """Give the policies that bear on a request: its own, or for one behind the user's call those of `evidence`."""
    return evidence_room.policies_for(case.evidence, case.requests[0], request)


def holder(case: Case, request: Request) -> str:
    """Give the ARN to which the caller's identity policies are attached: with the role's path, where the evidence or context knows it."""
    plain = requests.holder_of_policies(request)
    told, arn = Arn.parse(requests.text(request, "aws:PrincipalArn") or ""), Arn.parse(plain)
    if told and arn and (told.account, told.name, told.resource_type) == (arn.account, arn.name, arn.resource_type):
        return str(told)
    thing = evidence_room.find(case.evidence.resources, plain)
    return thing.arn if thing else plain


def identity(case: Case, request: Request, near: str | None = None) -> Grant | None:
    """Let the caller do exactly this by an identity policy. `near` names the policy that nearly allows it; `None` where nobody can."""
    who = requests.caller(request)
    held = layers_of(case, request).identity
    if who.kind in requests.WITHOUT_POLICIES or who.kind == "root" or request.principal is None or requests.guessed(request):
        return None
    whose = owner.of_principal(request.principal, case.evidence)
    if not whose.editable or held is None:
        return None
    statement = identity_statement(request)
    edit = _identity_edit(holder(case, request), request, held, statement, near)
    risks = (whose.note,) if whose.note else ()
    if isinstance(held, tuple) and any(p.name == edit.policy and owner.shared(p) for p in held):
        risks = (*risks, f"everyone else who has {edit.policy} gets this too")
    return Grant(
        edits=(edit,),
        opens=((request.action, statement["Resource"]),),
        managed_by=whose.managed_by,
        applicability="maybe_incorrect" if isinstance(held, Gap) else "machine_applicable",
        risks=risks,
        assumes=(f"{held.what} were not read: the new policy stands beside them",) if isinstance(held, Gap) else (),
    )


def identity_statement(request: Request) -> Json:
    """Give the identity statement that allows exactly this request."""
    statement: Json = {"Effect": "Allow", "Action": request.action, "Resource": requests.exact(request)}
    if condition := requests.narrowing(request):
        statement["Condition"] = condition
    return statement


def _identity_edit(target: str, request: Request, held: tuple[Policy, ...] | Gap, statement: Json, near: str | None) -> PolicyEdit:
    home = _home(held, statement, near) if isinstance(held, tuple) else None
    if home is None:
        taken = {p.name for p in held} if isinstance(held, tuple) else set()
        after = documents.added(None, statement)
        return PolicyEdit(layer="identity", target=target, policy=_new_name(request, taken), before=None, after=after)
    before = elements.plain(home.document.data)
    return PolicyEdit(layer="identity", target=target, policy=home.name, before=before, after=documents.added(before, statement))


def _home(held: tuple[Policy, ...], statement: Json, near: str | None) -> Policy | None:
    """Choose the policy to put the statement into: one where it merges, then the one that nearly allows it; else a new one."""
    editable = [p for p in held if can_edit(p) and not owner.shared(p) and _has_room(p, statement)]
    for policy in editable:
        if any(documents.merge(old, statement) is not None for old in elements.statements(policy.document.data)):
            return policy
    return next((p for p in editable if p.name == near), editable[0] if len(editable) == 1 else None)


def _has_room(policy: Policy, statement: Json) -> bool:
    """Whether the document stays within what a policy may hold; else the statement goes into one of its own."""
    return write.size(write.minify(documents.added(policy.document.data, statement)), "identity") <= LENGTHS["identity"]


def can_edit(policy: Policy) -> bool:
    """Whether the document is ours to write: not AWS's own, and sound enough that a change to it means what it says."""
    return not owner.aws_managed(policy) and not any(p.fatal for p in policy.document.problems)


def _new_name(request: Request, taken: set[str]) -> str:
    prefix, _, action = request.action.partition(":")
    name = f"undeny-{prefix}-{action}"
    number = 2
    while name in taken:
        name, number = f"undeny-{prefix}-{action}-{number}", number + 1
    return name


def resource(case: Case, request: Request) -> Grant | None:
    """Let the caller in by the policy of the thing: bucket, key, queue, role. `None` for what takes no such policy."""
    target = evidence_room.holder_of_policy(request.action, request.resource)
    oai = requests.caller(request).kind == "oai" and request.action.lower().startswith("kms:")
    if target is None or not request.principal or oai or requests.guessed(request):
        return None  # no key policy opens a key to an origin access identity: strategies/own_key.py
    thing = evidence_room.find(case.evidence.resources, target)
    if thing is not None and thing.settings.get("KeyManager") == "AWS":
        return None  # AWS managed keys' policies cannot be changed: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
    held = layers_of(case, request).resource
    statement = resource_statement(request, target, holder(case, request))
    if past_boundary(case, request):
        statement = _left_to_account(statement, request)
    before = elements.plain(held.document.data) if isinstance(held, Policy) else None
    edit = PolicyEdit(
        layer="resource", target=resource_target(case, request), policy=None, before=before, after=documents.added(before, statement)
    )
    account = request.resource_account or owner.account_of(target)
    theirs = account is not None and account != requests.caller(request).account and requests.caller(request).account is not None
    public = requests.caller(request).kind == "anonymous"
    whose = owner.of_principal(edit.target, case.evidence) if ":role/" in edit.target else owner.Owner()
    if not whose.editable:
        return None
    return Grant(
        edits=(edit,),
        opens=((request.action, opened if (opened := statement.get("Resource", "*")) != "*" else request.resource),),
        owner=account if theirs else None,
        applicability="has_placeholders" if isinstance(held, Gap) else "maybe_incorrect" if public else "machine_applicable",
        assumes=(f"{held.what} was not read: add the statement to what it holds",) if isinstance(held, Gap) else (),
        risks=(*_risks(request, statement), *((whose.note,) if whose.note else ())),
        managed_by=whose.managed_by,
        message=ask(request, edit, statement) if theirs else None,
    )


def _risks(request: Request, statement: Json) -> tuple[str, ...]:
    """Name what a grant to everyone or to a service opens beside this call.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    kind = requests.caller(request).kind
    if kind == "anonymous":
        return (TO_EVERYONE,)
    if kind == "service" and "Condition" not in statement:
        return ("the call names neither aws:SourceArn nor aws:SourceAccount: the service may then use it for any account",)
    return ()


def _left_to_account(statement: Json, request: Request) -> Json:
    """Leave it to the account's own policies, for this user alone: then the boundary goes on limiting what the user may do."""
    who = requests.caller(request)
    root = {"Principal": {"AWS": f"arn:{who.partition}:iam::{who.account}:root"}}
    condition = requests.merged(statement.get("Condition") or {}, {"ArnEquals": {"aws:PrincipalArn": who.text}})
    return statement | root | {"Condition": condition}


def past_boundary(case: Case, request: Request) -> bool:
    """Whether naming the caller in a resource policy would get it past a boundary that does not allow this: an IAM user in its account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
    """
    who = requests.caller(request)
    if who.kind not in ("user", "federated_user") or layers_of(case, request).boundary is None:
        return False
    verdict = decide.decide(request, case.evidence, main=case.requests[0])
    return request.resource_account in (None, who.account) and verdict.layers.get("boundary") not in ("allowed", "not_applicable")


def resource_target(case: Case, request: Request) -> str:
    """Give the ARN of the thing whose policy speaks on a request, as the evidence spells it (a role with its path)."""
    target = evidence_room.holder_of_policy(request.action, request.resource) or request.resource
    thing = evidence_room.find(case.evidence.resources, target)
    return thing.arn if thing else target


def resource_statement(request: Request, target: str, who: str | None = None) -> Json:
    """Give the statement of a resource policy that lets this caller make this request, in the shape that its service asks for."""
    arn = Arn.parse(target)
    prefix = arn.service_prefix if arn else ""
    statement: Json = {"Sid": "undeny", "Effect": "Allow", "Principal": requests.principal_element(request, who), "Action": request.action}
    if prefix == "kms":
        statement["Resource"] = "*"  # means "this key": https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    elif prefix not in ("iam", "ecr"):  # neither trust policies nor ECR repository policies have the element
        statement["Resource"] = requests.literal(request.resource)
    condition = requests.narrowing(request)
    if requests.caller(request).kind == "service":
        condition = requests.merged(condition, requests.of_source(request))
    if requests.caller(request).kind == "root":  # the root's ARN alone leaves it to the whole account
        condition = requests.merged(condition, {"ArnEquals": {"aws:PrincipalArn": request.principal}})
    if requests.caller(request).kind == "anonymous":
        condition = requests.merged(condition, requests.of_service_keys(request))
    if requests.caller(request).kind in ("web_identity", "saml"):
        condition = requests.merged(condition, claims(request))
    if condition:
        statement["Condition"] = condition
    return statement


def claims(request: Request) -> Json:
    """Give conditions that hold a trust to this very token: its audience and subject.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """
    held = {k: v for k, v in request.context.items() if isinstance(v, str) and k.lower().endswith((":sub", ":aud"))}
    return {"StringEquals": held} if held else {}


def endpoint(case: Case, request: Request) -> Grant | None:
    """Let the request through the VPC endpoint's policy, for this caller alone.

    A gateway endpoint's policy reads no role names: there the caller stands in a condition.
    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    held = layers_of(case, request).endpoint
    if not isinstance(held, tuple) or requests.guessed(request):
        return None
    policy = next((p for p in held if can_edit(p)), None)
    on = requests.exact(request)
    statement: Json = {"Effect": "Allow", "Principal": "*", "Action": request.action, "Resource": on}
    if requests.caller(request).kind not in requests.WITHOUT_POLICIES:
        statement["Condition"] = {"ArnEquals": {"aws:PrincipalArn": holder(case, request)}}
    elif requests.caller(request).kind == "service":
        statement["Principal"] = requests.principal_element(request)
        if source := requests.of_source(request):
            statement["Condition"] = source
    elif request.resource_account is not None:  # nobody with an ARN of their own; in a bucket of AWS it is AWS that signs
        statement["Condition"] = {"Null": {"aws:PrincipalArn": "true"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    before = elements.plain(policy.document.data) if policy else None
    name = policy.name if policy else "undeny"
    target = endpoint_target(case, policy)
    edit = PolicyEdit(layer="endpoint", target=target, policy=name, before=before, after=documents.added(before, statement))
    return Grant(
        edits=(edit,),
        opens=((request.action, on),),
        applicability="maybe_incorrect",
        risks=(
            "the endpoint's policy is a guard of the network's owner: ask them",
            *((WITHOUT_ARN,) if requests.caller(request).kind in ("anonymous", "web_identity", "saml", "oai") else ()),
        ),
        message=ask(request, edit, statement),
    )


def endpoint_target(case: Case, policy: Policy | None) -> str:
    """Give the endpoint's ARN or id: the one the policy is attached to, the one that the call names, or the policy's name."""
    named = requests.text(case.requests[0], "aws:SourceVpce") if case.requests else None
    attached, name = (policy.attached_to, policy.name) if policy else (None, None)
    return attached or named or name or "<vpce-id>"


def ask(request: Request, edit: PolicyEdit, statement: Json) -> str:
    """Write to the owner of a target what to add there and why, ready to send."""
    where = f"policy {edit.policy} of {edit.target}" if edit.policy else f"the policy of {edit.target}"
    return (
        f"{requests.in_policies(request)} ({request.principal}) is denied {request.action} on {request.resource}.\n"
        f"Please add this statement to {where}; it allows that and nothing else:\n\n{write.dump(statement)}"
    )


def as_fix(grant: Grant, title: str, layer: str) -> Fix:
    """Make a fix of one grant."""
    return Fix(
        id="",
        title=title,
        layer=layer,
        applicability=grant.applicability,
        changes=grant.edits,
        assumes=grant.assumes,
        risks=grant.risks,
        owner=grant.owner,
        managed_by=grant.managed_by,
        message=grant.message,
        grants=grant.opens,
    )
