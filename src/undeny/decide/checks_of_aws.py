"""AWS's own checks of one denial, compared with what is decided here; and the policies as they were then, taken into the evidence.

https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/API_GetRequestAuthorizationDetails.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.calls.model import Request
from undeny.decide.engine import decide
from undeny.decide.model import Compared, Verdict
from undeny.denial import record as records
from undeny.denial.record import Check, Evaluation, RecordedPolicy
from undeny.errors import UndenyError
from undeny.evidence import gaps, holder_of_policy
from undeny.evidence.model import Evidence, Gap, Level, Policies, Policy
from undeny.iam import document
from undeny.iam.arn import Arn

SETS = ("identity", "boundary", "session", "endpoint")
ORDER = ("explicitly_denied", "implicitly_denied", "allowed", "no_impact")
"""Which of several checks of one layer speaks for it: SCPs and RCPs are checked level by level."""
NAMED = {"resource": "resource policy", "identity": "identity policies", "boundary": "boundary", "session": "session policy"}


def evaluation_of(record: Mapping[str, Any], request: Request) -> Evaluation | None:
    """Give AWS's evaluation of a request: of its action and resource, or of its action alone where it is the only one."""
    same = [one for one in records.evaluations(record) if one.action.lower() == request.action.lower()]
    exact = next((one for one in same if one.resource == request.resource), None)
    return exact or (same[0] if len(same) == 1 else None)


def compare(record: Mapping[str, Any], request: Request, verdict: Verdict) -> tuple[Compared, ...]:
    """Compare AWS's checks of a request with its verdict, layer by layer; empty where the record does not hold that request's checks."""
    evaluation = evaluation_of(record, request)
    return tuple(_compared(layer, checks, verdict) for layer, checks in _by_layer(evaluation)) if evaluation else ()


def _by_layer(evaluation: Evaluation) -> Iterator[tuple[str, list[Check]]]:
    for layer in dict.fromkeys(check.layer for check in evaluation.checks):
        yield layer, [check for check in evaluation.checks if check.layer == layer]


def _compared(layer: str, checks: list[Check], verdict: Verdict) -> Compared:
    aws, here = _spoken(checks), _here(layer, checks, verdict)
    told = [f"{_short(uri)}: {sid}" if sid else _short(uri) for check in checks for uri, sid, _ in check.statements]
    agrees = None if here == "unknown" else _agrees(aws, here)
    return Compared(layer=layer, aws=aws, here=here, agrees=agrees, statements=tuple(dict.fromkeys(told)))


def _short(uri: str) -> str:
    parsed = Arn.parse(uri)
    return parsed.resource.rpartition("/")[2] if parsed is not None else uri


def _spoken(checks: list[Check]) -> str:
    effects = {check.effect for check in checks}
    return next(effect for effect in ORDER if effect in effects)


def _here(layer: str, checks: list[Check], verdict: Verdict) -> str:
    """Give the layer's own outcome; where AWS counted the resource's policy to the principal's check, that of both together."""
    own: str = verdict.layers.get(layer, "not_applicable")  # type: ignore[call-overload] # a check's layer is one of the verdict's
    if layer != "identity" or not any("resource" in check.kinds for check in checks):
        return own
    both = {own, str(verdict.layers.get("resource", "not_applicable"))}
    return next((effect for effect in ("explicitly_denied", "allowed", "unknown", "implicitly_denied") if effect in both), own)


def _agrees(aws: str, here: str) -> bool:
    if aws == "no_impact":
        return here in {"implicitly_denied", "not_applicable"}
    return aws == here


def differences(compared: tuple[Compared, ...]) -> tuple[str, ...]:
    """Say in which layers AWS's record and the decision here differ."""
    words = {"allowed": "allows", "explicitly_denied": "explicitly denies", "implicitly_denied": "does not allow"}
    out = []
    for one in compared:
        if one.agrees is False:
            name = NAMED.get(one.layer, one.layer if one.layer == "endpoint" else one.layer.upper())
            there, here = words.get(one.aws, "has no say"), words.get(one.here, "does not bind")
            out.append(f"AWS's record: the {name} layer {there} the call; what was read here {here} it")
    return tuple(out)


def take(evidence: Evidence, request: Request, record: Mapping[str, Any]) -> Evidence:
    """Put the policies as they were at the denial into the evidence, where deciding over them gives what AWS's check gave.

    A layer that was read and decides the same stays as read: a fix is made to what is there now. Where the two differ the record wins,
    since it is what denied the call. AWS's list may leave policies out, and a document of it actions of other services, so a layer that
    comes out otherwise than AWS's check is not taken.
    """
    evaluation = evaluation_of(record, request)
    if evaluation is None:
        return evidence
    source = f"AWS's record {record.get('authorizationId') or ''}".strip()
    found = dict(_layers(evaluation, records.policies(record), request, source))
    taken: list[str] = []
    policies = evidence.policies
    now = decide(request, evidence, explain=False).layers
    for layer, checks in _by_layer(evaluation):
        if layer not in found:
            continue
        candidate = msgspec.structs.replace(policies, **{layer: found[layer]})
        tried = decide(request, msgspec.structs.replace(evidence, policies=candidate, from_text=False), explain=False)
        then = str(tried.layers.get(layer))  # type: ignore[call-overload] # as above
        if then != str(now.get(layer)) and _fits(layer, checks, then):  # type: ignore[call-overload] # as above
            policies = candidate
            taken.append(layer)
    policies, none = _without(evaluation, policies)
    if not taken and not none:
        return evidence
    filled = tuple(gap for gap in evidence.gaps if not _answered(gap, evidence.policies, policies))
    return msgspec.structs.replace(
        evidence, policies=policies, from_text=False, gaps=filled, recorded=tuple(dict.fromkeys((*evidence.recorded, *taken)))
    )


def _without(evaluation: Evaluation, policies: Policies) -> tuple[Policies, bool]:
    """Say of boundary and session policies that there were none, where AWS checked the principal and not them.

    "PRINCIPAL, PERMISSIONS_BOUNDARY, and SESSION checks appear when they apply to the principal that made the request."
    """
    checked = {check.layer for check in evaluation.checks}
    unread = [one for one in ("boundary", "session") if one not in checked and isinstance(getattr(policies, one), Gap)]
    if "identity" not in checked or not unread:
        return policies, False
    return msgspec.structs.replace(policies, **dict.fromkeys(unread)), True


def _fits(layer: str, checks: list[Check], then: str) -> bool:
    aws = _spoken(checks)
    if layer == "identity" and any("resource" in check.kinds for check in checks):
        return aws == then or (aws == "allowed" and then == "implicitly_denied")  # the resource's policy may have allowed it alone
    return _agrees(aws, then)


def _answered(gap: Gap, before: Policies, after: Policies) -> bool:
    return any(getattr(before, layer) == gap and getattr(after, layer) != gap for layer in Policies.__struct_fields__)


def _layers(evaluation: Evaluation, listed: tuple[RecordedPolicy, ...], request: Request, source: str) -> Iterator[tuple[str, Any]]:
    """Give the layers of which the record holds every listed document."""
    checked = {check.layer for check in evaluation.checks}
    for layer in checked & set(SETS):
        made = [_policy(one, source) for one in listed if one.layer == layer]
        if made and all(isinstance(one, Policy) for one in made):
            yield layer, tuple(made)
    if "resource" in checked:
        holder = holder_of_policy(request.action, request.resource)
        own = [one for one in listed if one.layer == "resource" and not one.is_grant and holder in one.attached_to]
        made = [_policy(one, source) for one in own]
        if len(made) == 1 and isinstance(made[0], Policy):
            yield "resource", made[0]
    for layer in checked & {"scp", "rcp"}:
        levels = tuple(_level(check, layer, listed, source) for check in evaluation.checks if check.layer == layer and check.target)
        if levels and not any(isinstance(level.policies, Gap) for level in levels):
            yield layer, levels


def _level(check: Check, layer: str, listed: tuple[RecordedPolicy, ...], source: str) -> Level:
    target = (check.target or "").rpartition("/")[2]
    made = [_policy(one, source) for one in listed if one.layer == layer and check.target in one.attached_to]
    whole = bool(made) and all(isinstance(one, Policy) for one in made)
    return Level(target=target, policies=tuple(one for one in made if one is not None) if whole else gaps.organization(layer, target))


def _policy(one: RecordedPolicy, source: str) -> Policy | None:
    if one.document is None:
        return None
    try:
        read = document.read(one.document)
    except UndenyError:
        return None
    name = _short(one.uri) if one.arn else f"<inline policy {one.uri}>"  # AWS's record does not tell its name
    return Policy(name=name, document=read, arn=one.arn, attached_to=next(iter(one.attached_to), None), inline=one.inline, source=source)
