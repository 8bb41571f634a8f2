"""What an undecided verdict leaves open: statements that hang on a value nobody knows, and layers that were not read."""

from undeny import evidence
from undeny.calls.model import Request
from undeny.decide.model import LayerName, StatementResult
from undeny.diagnose import blocks, facts, keys, said, say, weights
from undeny.diagnose.model import Case, Cause
from undeny.evidence.model import Gap, Level

USUALLY: tuple[LayerName, ...] = ("identity", "resource", "scp", "boundary", "session", "endpoint", "rcp", "scope_down")
"""The layers by how often they are what refuses a call."""


def unread(case: Case, layer: LayerName, code: str) -> tuple[Cause, ...]:
    """Give the cause as a possibility, where the verdict is undecided and this layer is why: nobody read it, or what it hangs on."""
    for index, request in _undecided(case):
        verdict = case.verdicts[index]
        hanging = any(s.layer == layer and s.applies is None for s in verdict.statements)
        missing = _not_read(case, index, layer)
        if verdict.layers.get(layer) == "unknown" and not hanging and missing:
            return (
                Cause(
                    code=code,
                    certainty="likely",
                    summary=f"{missing}, and it may be what refuses {say.call(request)}",
                    layer=layer,
                    request=index,
                    weight=weights.UNREAD - 0.01 * USUALLY.index(layer) - (5.0 if request.role != "main" else 0.0),
                ),
            )
    return ()


def _not_read(case: Case, index: int, layer: LayerName) -> str | None:
    """Say what of a layer was not read: the policy, or, where that is known, the fact that its say hangs on."""
    request, name = case.requests[index], blocks.policy_name(layer, case.requests[index])
    held = getattr(evidence.policies_for(case.evidence, case.requests[0], request), layer)
    levels = held if isinstance(held, tuple) else ()
    if isinstance(held, Gap) or any(isinstance(level, Level) and isinstance(level.policies, Gap) for level in levels):
        return f"the {name} was not read"
    needs = (need.what for need in case.verdicts[index].open if need.kind != "policy" or need.what.startswith(blocks.OWN[layer]))
    need = next(needs, None)
    return f"{need} is not known" if need else None


def may_deny(case: Case, layer: LayerName, code: str) -> tuple[Cause, ...]:
    """Give a cause for each deny that applies or not, depending on a value that nobody knows."""
    return tuple(
        _hanging(case, code, index, statement, f"the {blocks.policy_name(layer, request)} may deny it: ")
        for index, request in _undecided(case)
        for statement in case.verdicts[index].statements
        if statement.layer == layer and statement.effect == "Deny" and statement.applies is None
    )


def may_allow(case: Case, code: str) -> tuple[Cause, ...]:
    """Give a cause for each allow that holds or not, depending on a value that nobody knows, in a layer that has no other."""
    return tuple(
        _hanging(case, code, index, statement, f"{say.labelled(statement)} may not allow it: ")
        for index, request in _undecided(case)
        for statement in case.verdicts[index].statements
        if statement.effect == "Allow" and statement.applies is None and case.verdicts[index].layers.get(statement.layer) == "unknown"
        if statement.miss is not None and statement.miss.element == "condition"
    )


def _undecided(case: Case) -> tuple[tuple[int, Request], ...]:
    """Give the undecided requests; those that the call only perhaps makes where every one that it surely makes is decided."""
    if not facts.read(case):
        return ()
    found = tuple((i, case.requests[i]) for i, verdict in enumerate(case.verdicts) if verdict.decision == "unknown")
    sure = tuple(pair for pair in found if pair[1].certain)
    return sure or found


def _named(case: Case, request: Request, statement: StatementResult) -> bool:
    """Tell whether AWS's sentence, which names this layer and kind, leaves only this statement: what nobody knows must have been so."""
    kind = "explicit" if statement.effect == "Deny" else "implicit"
    spoken = case.denial.action is None or case.denial.action.lower() == request.action.lower()
    return spoken and facts.named_layer(case.denial) == statement.layer and (case.denial.kind or "implicit") == kind


def _hanging(case: Case, code: str, index: int, statement: StatementResult, lead: str) -> Cause:
    miss, request = statement.miss, case.requests[index]
    named = said.AGAINST_EVIDENCE + 1.0 if _named(case, request, statement) else 0.0
    what = f"what this call had for {miss.key} is not known" if miss and miss.key else statement.why
    asked = f" ({keys.clause(miss)})" if miss and miss.key else ""
    return Cause(
        code=code,
        certainty="likely",
        summary=f"{lead}{what}{asked}",
        layer=statement.layer,
        policy=statement.policy,
        statement=blocks.ref(statement),
        element="condition" if miss and miss.element == "condition" else None,
        key=miss.key if miss else None,
        wanted=miss.wanted if miss else (),
        request=index,
        weight=named or weights.FACT - 4.0 - (5.0 if request.role != "main" else 0.0),
    )
