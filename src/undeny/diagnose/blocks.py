"""What a verdict says, turned into candidate causes: each layer that blocks, and the statement that comes nearest to allowing."""

from collections.abc import Iterator, Mapping

from undeny import catalog
from undeny.calls.model import Request
from undeny.decide.model import LAYERS, LayerName, Miss, StatementResult, Verdict
from undeny.diagnose import facts, keys, names, nearest, say, unseen, weights
from undeny.diagnose.model import Case, Cause, Certainty, StatementRef
from undeny.evidence.layers import TRUST_ACTIONS
from undeny.iam.principal import Principal

OWN: Mapping[LayerName, str] = {
    "identity": "identity policy",
    "resource": "resource policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scope_down": "scope-down policy",
    "endpoint": "VPC endpoint policy",
    "scp": "service control policy",
    "rcp": "resource control policy",
}


def certainty(case: Case, request: Request) -> Certainty:
    """Tell how sure a denial by the verdict is: proven over evidence, unless the request itself is a guess or the text names another."""
    named = case.denial.action
    if not facts.read(case) or not request.certain or not facts.resource_known(request):
        return "likely"
    if named and named.lower() != request.action.lower() and case.denial.policy_type:
        return "likely"
    return "proven"


def of_missing(case: Case, index: int) -> Certainty:
    """Tell how sure a missing allow is: as `certainty`, and likely only where something unread could allow it, or deny it first."""
    request, verdict = case.requests[index], case.verdicts[index]
    return "likely" if unseen.turns(case, verdict, request) else certainty(case, request)


def policy_name(layer: LayerName, request: Request) -> str:
    """Name a layer's policy as the service does: a role's trust policy, a key's, a bucket's."""
    action = request.action.lower()
    if layer != "resource":
        return OWN[layer]
    if action in TRUST_ACTIONS:
        return "trust policy"
    prefixes = {
        "kms": "key policy",
        "s3": "bucket policy",
        "sqs": "queue policy",
        "sns": "topic policy",
        "lambda": "function's resource policy",
    }
    return prefixes.get(action.partition(":")[0], "resource policy")


def missing(case: Case) -> Iterator[tuple[int, Request, Verdict, LayerName]]:
    """Give each layer that lacks an allow, of each denied request."""
    for index, request, verdict in facts.denied(case):
        for layer in LAYERS:
            if layer in verdict.blocked_by and verdict.layers.get(layer) != "explicitly_denied":
                yield index, request, verdict, layer


def heavy(case: Case, index: int, layer: LayerName, more: float = 0.0) -> float:
    """Weigh a block: the request in focus first, the layer that AWS's sentence names first, then AWS's own order."""
    weight = weights.BLOCKED + more - 0.01 * LAYERS.index(layer)
    if layer == facts.named_layer(case.denial):
        weight += weights.NAMED
    if not case.requests[index].certain:
        weight -= weights.UNCERTAIN
        weight += weights.KNOWN_THING if case.requests[index].resource in case.evidence.resources else 0.0
        weight -= 0.0 if facts.resource_known(case.requests[0]) else weights.UNCERTAIN
    return weight if index == facts.focus(case) else weight - weights.OTHER_REQUEST


def lacking(case: Case, layer: LayerName, code: str, more: float = 0.0) -> tuple[Cause, ...]:
    """Give a cause for each denied request that lacks an allow in `layer`."""
    found: list[Cause] = []
    for index, request, verdict, blocked in missing(case):
        if blocked == layer:
            close = nearest.statement(request, verdict, layer)
            found.append(
                Cause(
                    code=code,
                    certainty=of_missing(case, index),
                    summary=_after(case, request, _no_allow(case, layer, request, verdict)) + nearest.told(case, index, layer),
                    layer=layer,
                    policy=close.policy if close else None,
                    statement=ref(close) if close else None,
                    because=_behind(request, _and_none(layer, request)),
                    request=index,
                    weight=heavy(case, index, layer, more) - _doubt(request, verdict, layer),
                )
            )
    return tuple(found)


def _doubt(request: Request, verdict: Verdict, layer: LayerName) -> float:
    """Give what to take off where nobody said on what the call was, and the action is allowed on something."""
    elsewhere = (s.miss.element == "resource" for s in verdict.statements if s.layer == layer and s.effect == "Allow" and s.miss)
    return weights.BLOCKED - weights.UNREAD if not facts.resource_known(request) and any(elsewhere) else 0.0


def denying(case: Case, layer: LayerName, code: str) -> tuple[Cause, ...]:
    """Give a cause for each denied request that a statement of `layer` denies."""
    found: list[Cause] = []
    for index, request, verdict in facts.denied(case):
        if verdict.layers.get(layer) != "explicitly_denied":
            continue
        for place, statement in enumerate(s for s in verdict.statements if s.layer == layer and s.effect == "Deny" and s.applies):
            held = keys.telling(statement.held)
            found.append(
                Cause(
                    code=code,
                    certainty=certainty(case, request),
                    summary=_after(case, request, _denied_by(case, layer, request, statement)),
                    layer=layer,
                    policy=statement.policy,
                    statement=ref(statement),
                    element="condition" if held else None,
                    key=held.key if held else None,
                    wanted=held.wanted if held else (),
                    got=held.got if held else None,
                    because=_why_denied(case, layer, request, statement),
                    request=index,
                    weight=heavy(case, index, layer, weights.EXPLICIT - weights.BLOCKED) - 0.001 * place,
                )
            )
    return tuple(found)


def near(case: Case) -> Iterator[tuple[int, Request, LayerName, StatementResult, Miss]]:
    """Give each allow that failed by one element, in the layers that lack an allow and those that would do instead."""
    for index, request, verdict in facts.denied(case):
        layers = {layer for layer in verdict.blocked_by if verdict.layers.get(layer) != "explicitly_denied"}
        if "identity" in layers and facts.same_account(request):
            layers.add("resource")
        for statement in verdict.statements:
            if statement.layer not in layers or statement.effect != "Allow" or statement.applies is not False or not statement.miss:
                continue
            if statement.miss.element != "resource" or facts.resource_known(request):
                yield index, request, statement.layer, statement, statement.miss


def ref(statement: StatementResult) -> StatementRef:
    """Point at a statement."""
    return StatementRef(layer=statement.layer, policy=statement.policy, sid=statement.sid, index=statement.index, target=statement.target)


def related(miss: Miss, request: Request) -> tuple[str, str] | None:
    """Give how a statement's resource misses the request's, where it comes near."""
    if miss.element != "resource" or miss.operator == "NotResource":
        return None
    if request.resource == "*" and not _only_star(request.action):
        return None
    return names.how_it_misses(miss.wanted, request.resource)


def _only_star(action: str) -> bool:
    """Tell whether an action is authorised on `*` alone: it has no resource type."""
    known = catalog.action(action)
    return known is not None and not known.resources


def level_name(case: Case, target: str) -> str:
    """Name a level of the organisation as people do, where its name was read."""
    levels = (case.evidence.policies.scp, case.evidence.policies.rcp)
    named = {level.target: level.name for held in levels if isinstance(held, tuple) for level in held if level.name}
    return named.get(target, target)


def _after(case: Case, request: Request, sentence: str) -> str:
    """Say of a call behind the call that the user's own is allowed, where it is."""
    if request.role == "main" or case.verdicts[0].decision != "allowed":
        return sentence
    return f"{say.call(case.requests[0])} is allowed, but {sentence}, which it takes"


def _no_allow(case: Case, layer: LayerName, request: Request, verdict: Verdict) -> str:
    who, call = say.who(request.principal), say.call(request)
    match layer:
        case "identity":
            return f"no identity policy of {who} allows {call}"
        case "resource":
            return f"the {policy_name(layer, request)} does not allow {who} {call}"
        case "scp" | "rcp":
            level = next((s.target for s in verdict.statements if s.layer == layer and s.target), None)
            return f"no {OWN[layer]}{f' on {level_name(case, level)}' if level else ''} allows {call}"
        case "boundary" | "session" | "scope_down" | "endpoint":
            return f"the {OWN[layer]} does not allow {who} {call}"


def _denied_by(case: Case, layer: LayerName, request: Request, statement: StatementResult) -> str:
    policy = f" {statement.policy}" if statement.policy else ""
    level = f" on {level_name(case, statement.target)}" if statement.target else ""
    text = f"the {policy_name(layer, request)}{policy}{level} denies {say.who(request.principal)} {say.call(request)}"
    held = keys.telling(statement.held)
    return f"{text} {keys.since(held)}" if held else text + _spared(case, request, statement)


def _spared(case: Case, request: Request, statement: StatementResult) -> str:
    """Say whom a NotPrincipal spares: a role session only where the session, its role and the account are all listed.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    held = nearest.written(case, case.requests.index(request), statement)
    if held is None or held.not_principal is None:
        return ""
    listed = tuple(value for values in held.not_principal.values() for value in values)
    session = "'s session" if request.principal and Principal.parse(request.principal).kind == "role_session" else ""
    return f": its NotPrincipal spares {say.many(listed)}, and not {say.who(request.principal)}{session}"


def _why_denied(case: Case, layer: LayerName, request: Request, statement: StatementResult) -> tuple[str, ...]:
    held = keys.telling(statement.held)
    if held is None:
        return _behind(request, f"and {say.labelled(statement)} denies it")
    verdict = case.verdicts[case.requests.index(request)]
    allowed = ", though its own policies allow it" if layer != "identity" and verdict.layers.get("identity") == "allowed" else ""
    return (
        f"because {say.labelled(statement)} denies {request.action} {keys.since(held).partition(', and ')[0]}",
        keys.had(held),
        f"so the {policy_name(layer, request)} denies {say.who(request.principal)} the call{allowed}",
    )


def _and_none(layer: LayerName, request: Request) -> str:
    if layer == "resource" and request.action.lower().startswith("kms:"):
        return f"and the key policy neither names {say.who(request.principal)} for it nor leaves it to the account's identity policies"
    return f"and no {policy_name(layer, request)} allows it"


def _behind(request: Request, then: str) -> tuple[str, ...]:
    if request.role == "main" or not request.why:
        return ()
    return (
        f"because {request.why}",
        f"and that call is {say.call(request)} by {say.who(request.principal)}",
        then,
        "so the whole call is refused",
    )


def condition(case: Case, code: str) -> tuple[Cause, ...]:
    """Give a cause for each allow that failed by its condition alone."""
    found: list[Cause] = []
    for index, request, layer, statement, miss in near(case):
        if miss.element != "condition":
            continue
        trap = keys.pitfall(miss, request.action)
        found.append(
            Cause(
                code=code,
                certainty="likely" if miss.unknown or _beside(case, index, layer, statement) else of_missing(case, index),
                summary=_after(case, request, _only(layer, request, miss)),
                layer=layer,
                policy=statement.policy,
                statement=ref(statement),
                element="condition",
                key=miss.key,
                wanted=miss.wanted,
                got=miss.got,
                because=(
                    f"because {say.labelled(statement)} allows {request.action} {keys.clause(miss)}",
                    f"{keys.had(miss)}" + (f"; {trap}" if trap else ""),
                    "so that statement does not apply, and no other one allows it",
                ),
                request=index,
                weight=heavy(case, index, layer, 6.0) - 0.001 * len(found) - _beside(case, index, layer, statement),
            )
        )
    return tuple(found)


def _beside(case: Case, index: int, layer: LayerName, statement: StatementResult) -> float:
    """Give what to take off for a statement of the resource's policy that was only another way in, and open to everyone.

    In one account an identity allow would do. A statement that names the caller was meant to be the way; one for `*` rather not.
    """
    if layer in case.verdicts[index].blocked_by:
        return 0.0
    held = nearest.written(case, index, statement)
    named = [value for values in (held.principal or {}).values() for value in values] if held else []
    return 0.0 if named and "*" not in named else 8.0


def _only(layer: LayerName, request: Request, miss: Miss) -> str:
    who, call = say.who(request.principal), say.call(request)
    if layer == "resource" and request.action.lower() in TRUST_ACTIONS:
        may = f"{say.who(request.resource)} may be assumed"
    elif layer in ("identity", "session", "boundary", "scope_down"):
        may = f"{who} may call {call}"
    else:
        may = f"the {policy_name(layer, request)} lets {who} call {call}"
    return f"{may} {keys.clause(miss)}, {keys.had(miss)}"


def other_arn(case: Case, code: str) -> tuple[Cause, ...]:
    """Give a cause for each allow of the action whose resource is another one: near misses first, strangers far behind."""
    found: list[Cause] = []
    for index, request, layer, statement, miss in near(case):
        if miss.element != "resource":
            continue
        told = related(miss, request)
        entry, how = told or (miss.wanted[0] if miss.wanted else "", f"covers {say.many(miss.wanted)} only")
        found.append(
            Cause(
                code=code,
                certainty=of_missing(case, index) if told and not _beside(case, index, layer, statement) else "likely",
                summary=f"the {policy_name(layer, request)} allows {say.who(request.principal)} {request.action}, but it {how}",
                layer=layer,
                policy=statement.policy,
                statement=ref(statement),
                element="resource",
                wanted=(entry, *(text for text in miss.wanted if text != entry)) if entry else miss.wanted,
                got=miss.got or (request.resource,),
                because=(
                    f"because {say.labelled(statement)} {how}",
                    f"and this call is judged on `{request.resource}`",
                    "so that statement does not apply, and no other one allows it",
                ),
                request=index,
                weight=heavy(case, index, layer, 4.0 if told else -2.0) - 0.001 * len(found) - _beside(case, index, layer, statement),
            )
        )
    return tuple(found)
