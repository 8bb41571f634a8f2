"""What it is not, and where AWS's sentence and the local decision differ."""

from collections.abc import Iterator

from undeny.decide.model import LAYERS, LayerName, Verdict
from undeny.diagnose import along, blocks, facts, happening, say, weights
from undeny.diagnose.model import Bucket, Case, Cause, RuledOut

EXPLICIT: dict[LayerName, str] = {
    "identity": "identity-explicit-deny",
    "resource": "resource-explicit-deny",
    "boundary": "boundary-explicit-deny",
    "session": "session-explicit-deny",
    "scope_down": "scope-down-explicit-deny",
    "endpoint": "endpoint-explicit-deny",
    "scp": "scp-explicit-deny",
    "rcp": "rcp-explicit-deny",
}
MISSING: dict[LayerName, str] = {
    "identity": "identity-missing-allow",
    "resource": "resource-missing-allow",
    "boundary": "boundary-missing-allow",
    "session": "session-missing-allow",
    "scope_down": "scope-down-missing-allow",
    "endpoint": "endpoint-missing-allow",
    "scp": "scp-missing-allow",
}
OF_POLICIES = ("wrong-resource-arn", "condition-mismatch", "kms-key-policy", "kms-grant", "trust-policy", "pass-role")
"""Causes that are nothing but missing allows: none where every request is allowed."""
REASONS = (
    "the policy was changed since: compare with the change events",
    "an edit had not reached every place yet (propagation)",
    "a condition key had another value in the real call",
)


def ruled_out(case: Case, named: set[str], bucket: Bucket) -> tuple[RuledOut, ...]:
    """Give the causes that it is not, each with its reason; a cause that is still named is never among them."""
    found = [*_by_verdict(case), *_by_answer(case, bucket), *_by_health(case), *along.ruled_out(case)]
    seen: dict[str, RuledOut] = {}
    for one in found:
        if one.code not in named:
            seen.setdefault(one.code, one)
    return tuple(seen.values())


def _by_health(case: Case) -> Iterator[RuledOut]:
    """Rule out an event of AWS's own where AWS Health was asked, and has none of that service there."""
    prefix = happening.prefix_of(case)
    if case.evidence.health is not None and prefix is not None and not happening.of_case(case):
        where = happening.region_of(case)
        yield RuledOut(code="service-event", why=f"AWS Health has no event of {prefix}{f' in {where}' if where else ''} at that time")


def excludes(case: Case, guess: Cause) -> bool:
    """Tell whether policies that were read exclude a guess: its layer allows, or is not there, for every request that the call makes."""
    spoken = case.denial.action
    judged = {request.action.lower() for request in case.requests}
    if not facts.read(case) or not case.verdicts or (spoken and spoken.lower() not in judged):
        return False
    if guess.code in OF_POLICIES:
        return guess.weight < weights.WORDING and all(verdict.decision == "allowed" for verdict in case.verdicts)
    named = {**{code: layer for layer, code in EXPLICIT.items()}, **{code: layer for layer, code in MISSING.items()}}
    layer = named.get(guess.code)
    fine = all(verdict.layers.get(layer) in ("allowed", "not_applicable") for verdict in case.verdicts) if layer else False
    return fine and guess.weight < weights.SAID


def _by_answer(case: Case, bucket: Bucket) -> Iterator[RuledOut]:
    """Tell by the answer: having one rules out the network, having none rules out every policy."""
    denial = case.denial
    answered = bool(denial.http_status or denial.request_id or denial.policy_type or denial.kind)
    if answered and bucket != "network":
        told = [f"HTTP {denial.http_status}"] if denial.http_status else []
        told += [f"request id {denial.request_id}"] if denial.request_id else []
        how = f" ({', '.join(told)})" if told else ""
        yield RuledOut(code="network-unreachable", why=f"AWS answered{how}: no security group, NACL or route makes a refusal")
    if bucket == "network" and not answered:
        yield RuledOut(
            code="identity-missing-allow", why="no HTTP status and no request id: a denial always has both, so no policy was asked"
        )
    if bucket == "permission" and answered:
        yield RuledOut(code="throttled", why="a limit answers with its own error code")


def _by_verdict(case: Case) -> Iterator[RuledOut]:
    index = facts.focus(case)
    if index is None and not facts.passes(case):
        return
    verdict, request = case.verdicts[index or 0], case.requests[index or 0]
    allowing = [layer for layer in LAYERS if verdict.layers.get(layer) == "allowed"]
    for layer in allowing:
        if layer in MISSING:
            yield RuledOut(code=MISSING[layer], why=_allows(layer, verdict, request.action))
    yield from _covered(verdict, request.resource)
    for layer in allowing:
        yield RuledOut(code=EXPLICIT[layer], why=_none_denies(layer, case, verdict, request.action))
    for layer in LAYERS:
        if verdict.layers.get(layer) == "not_applicable":
            yield RuledOut(code=EXPLICIT[layer], why=_not_there(layer, case))


def _covered(verdict: Verdict, resource: str) -> Iterator[RuledOut]:
    """Tell of the nearest allow whose ARN is not what failed."""
    near = next((s for s in verdict.statements if s.effect == "Allow" and s.miss and s.miss.element == "condition"), None)
    if near is not None and near.layer in verdict.blocked_by:
        yield RuledOut(code="wrong-resource-arn", why=f"{say.labelled(near)} names the action and covers `{resource}`")


def _not_there(layer: LayerName, case: Case) -> str:
    organisation = {"scp": case.evidence.policies.scp, "rcp": case.evidence.policies.rcp}.get(layer)
    if organisation is None:
        return f"there is no {blocks.OWN[layer]} for this call"
    return "the account is in no organisation" if organisation == () else f"no {blocks.OWN[layer]} binds this call"


def _none_denies(layer: LayerName, case: Case, verdict: Verdict, action: str) -> str:
    levels = {s.target for s in verdict.statements if s.layer == layer and s.target}
    organisation = {"scp": case.evidence.policies.scp, "rcp": case.evidence.policies.rcp}.get(layer)
    if isinstance(organisation, tuple):
        count = max(len(levels), len(organisation))
        return f"{count} level{'s' if count != 1 else ''} read, none denies {action}" if count else "the account is in no organisation"
    return f"no statement of the {blocks.OWN[layer]} denies {action}"


def _allows(layer: LayerName, verdict: Verdict, action: str) -> str:
    allow = next((s for s in verdict.statements if s.layer == layer and s.effect == "Allow" and s.applies), None)
    if allow is None:
        return f"the {blocks.OWN[layer]} layer lets {action} through"
    return f"{say.labelled(allow)} allows {action} on it"


def disagreement(case: Case, first: Cause) -> tuple[str, ...]:
    """Say where AWS's sentence and the local decision differ, with the likely reasons; empty where they agree or one is silent."""
    denial = case.denial
    if not facts.read(case) or not case.verdicts:
        return ()
    if (
        first.certainty == "proven"
        and first.layer is not None
        and facts.named_layer(denial) in (None, first.layer)
        and _kinds_agree(case, first)
    ):
        return ()
    layer = facts.named_layer(denial)
    if layer is not None:
        return _layer_differs(case, layer, first)
    if denial.kind == "explicit" and not any(v.decision in ("explicitly_denied", "unknown") for v in case.verdicts):
        return ("AWS's message speaks of an explicit deny; no policy that was read has one that applies", *REASONS, *_unread(case))
    if facts.passes(case) and all(v.decision == "allowed" for v in case.verdicts) and first.weight < 70.0:
        return ("AWS refused the call; every policy that was read allows it", *REASONS, *_unread(case))
    return ()


def _kinds_agree(case: Case, first: Cause) -> bool:
    return case.denial.kind != "explicit" or first.code.endswith("explicit-deny") or first.code == "quarantined-key"


def _layer_differs(case: Case, layer: LayerName, first: Cause) -> tuple[str, ...]:
    spoken = [v for r, v in zip(case.requests, case.verdicts, strict=False) if case.denial.action in (None, r.action)] or list(
        case.verdicts[:1]
    )
    state = spoken[0].layers.get(layer)
    if state in ("explicitly_denied", "implicitly_denied"):
        return ()
    if state == "unknown":
        return ()
    own = blocks.OWN[layer]
    local = f"what was read is blocked by the {blocks.OWN[first.layer]}" if first.layer in blocks.OWN else "what was read allows it"  # type: ignore[index] # a cause's layer is a layer's name wherever it is one of these
    extra: tuple[str, ...] = ()
    request = facts.main(case)
    if request is not None and not facts.same_account(request):
        extra = ("across accounts the layer that AWS names is where it looked last, not always the one to mend",)
    return (f"AWS's message names the {own}; {local}", *extra, *REASONS, *_unread(case))


def _unread(case: Case) -> tuple[str, ...]:
    unread = sorted({need.what for v in case.verdicts for need in v.open})
    return (f"not read: {', '.join(unread[:4])}",) if unread else ()
