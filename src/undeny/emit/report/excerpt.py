"""The user's own statement with a mark under the very characters that failed."""

import msgspec

from undeny import evidence
from undeny.calls.model import Request
from undeny.decide.model import StatementResult
from undeny.diagnose.model import Cause
from undeny.emit.report import words
from undeny.evidence.model import Gap, Policy
from undeny.iam import document as documents
from undeny.iam.model import Document, Place
from undeny.pipeline import Walk

WINDOW = 92
"""Characters of a source line that are shown around the mark."""


class Excerpt(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of a policy as written. `mark` is (index into lines, column from 0, length), `None` where no place was found."""

    title: str
    lines: tuple[tuple[int, str], ...]
    mark: tuple[int, int, int] | None
    caption: str


def excerpt_of(walk: Walk) -> Excerpt | None:
    """Find the statement that the cause speaks of; `None` where it speaks of none or its document is not at hand."""
    cause = walk.explanation.cause
    if cause.statement is None or not walk.case.requests:
        return None
    policy = _policy(walk, cause)
    cause = _with_miss(cause, walk)
    if policy is None or (cause.element is None and cause.key is None and not cause.code.endswith("-deny")):
        return None
    place = _place(policy.document, cause)
    title = _title(cause, policy, _request(walk, cause))
    if place is None:
        return Excerpt(title=title, lines=(), mark=None, caption=_caption(cause))
    text = policy.document.text.splitlines()[place.line - 1]
    shown, column = _window(text, place.column - 1)
    return Excerpt(title=title, lines=((place.line, shown),), mark=(0, column, _length(place, shown, column)), caption=_caption(cause))


def _length(place: Place, shown: str, column: int) -> int:
    return max(1, min(place.length, len(shown.rstrip()) - column))


def _window(text: str, column: int) -> tuple[str, int]:
    if len(text) <= WINDOW:
        return text, column
    start = max(0, min(column - 30, len(text) - WINDOW))
    head = "…" if start else ""
    tail = "…" if start + WINDOW < len(text) else ""
    return f"{head}{text[start : start + WINDOW]}{tail}", column - start + len(head)


def _request(walk: Walk, cause: Cause) -> Request:
    requests, index = walk.case.requests, cause.request or 0
    return requests[index] if index < len(requests) else requests[0]


def _policy(walk: Walk, cause: Cause) -> Policy | None:
    ref = cause.statement
    requests = walk.case.requests
    held = getattr(evidence.policies_for(walk.case.evidence, requests[0], _request(walk, cause)), ref.layer if ref else "", None)
    if held is None or isinstance(held, Gap) or ref is None:
        return None
    if isinstance(held, Policy):
        return held
    for one in held:
        if isinstance(one, Policy):
            if one.name == ref.policy:
                return one
        elif one.target == ref.target and not isinstance(one.policies, Gap):
            return next((p for p in one.policies if p.name == ref.policy), None)
    return None


def _title(cause: Cause, policy: Policy, request: Request) -> str:
    ref = cause.statement
    assert ref is not None  # noqa: S101 - excerpt_of has looked
    layer = {"scp": "SCP", "rcp": "RCP"}.get(ref.layer, f"{ref.layer} policy")
    name = f" {policy.name}" if policy.name else ""
    if ref.layer == "resource":
        layer, name = words.policy_of("resource", request), ""
    holder = evidence.holder_of_policy(request.action, request.resource) if ref.layer == "resource" else None
    of = holder or policy.attached_to
    level = f" on {ref.target}" if ref.target else f" of {of}" if of else ""
    sid = f' "{ref.sid}"' if ref.sid else ""
    return f"{layer}{name}{level}, statement {ref.index + 1}{sid}"


def _place(document: Document, cause: Cause) -> Place | None:
    ref = cause.statement
    if ref is None or ref.index >= len(document.statements):
        return None
    raw = document.statements[ref.index].raw
    single = not isinstance(document.data.get("Statement"), list)
    base: tuple[str | int, ...] = ("Statement",) if single else ("Statement", ref.index)
    for path in _paths(raw, cause):
        found = documents.locate(document, base + path)
        if found is not None:
            return found
    return documents.locate(document, base)


def _paths(raw: object, cause: Cause) -> list[tuple[str | int, ...]]:
    if not isinstance(raw, dict):
        return []
    wanted = cause.wanted
    if cause.key:
        found = _condition_paths(raw.get("Condition"), cause.key, wanted)
        if found:
            return found
    names = {"action": ("Action", "NotAction"), "resource": ("Resource", "NotResource"), "principal": ("Principal", "NotPrincipal")}
    for name in names.get(cause.element or "", ()):
        if name in raw:
            return [*_value_paths((name,), raw[name], wanted), (name,)]
    return [("Effect",)]


def _condition_paths(block: object, key: str, wanted: tuple[str, ...]) -> list[tuple[str | int, ...]]:
    for operator, keys in block.items() if isinstance(block, dict) else ():
        for written, values in keys.items() if isinstance(keys, dict) else ():
            if written.lower() == key.lower():
                path = ("Condition", operator, written)
                return [*_value_paths(path, values, wanted), path]
    return []


def _value_paths(path: tuple[str | int, ...], value: object, wanted: tuple[str, ...]) -> list[tuple[str | int, ...]]:
    if isinstance(value, list):
        if len(value) == 1:
            return [(*path, 0)]
        return [(*path, i) for i, one in enumerate(value) if len(wanted) == 1 and str(one) == wanted[0]]
    if isinstance(value, dict) and len(value) == 1:
        name, inner = next(iter(value.items()))
        return [*_value_paths((*path, name), inner, wanted), (*path, name)]
    return []


def _caption(cause: Cause) -> str:
    if cause.key:
        had = "no such key" if cause.got is None else " ".join(f'"{value}"' for value in cause.got)
        return f"the call had {had}"
    if cause.got:
        word = {"resource": "on", "principal": "by"}.get(cause.element or "", "for")
        return f"the call was {word} {', '.join(cause.got)}"
    return ""


def _with_miss(cause: Cause, walk: Walk) -> Cause:
    """Say of a cause that names a statement alone which element of it failed, as the verdict has it."""
    known = statement_of(cause, walk)
    if cause.element or cause.key or known is None or known.miss is None:
        return cause
    miss = known.miss
    return msgspec.structs.replace(cause, element=miss.element, key=miss.key, wanted=miss.wanted, got=miss.got)


def statement_of(cause: Cause, walk: Walk) -> StatementResult | None:
    """Give the verdict's own line on the statement that the cause speaks of."""
    ref = cause.statement
    if ref is None or cause.request is None or cause.request >= len(walk.case.verdicts):
        return None
    for one in walk.case.verdicts[cause.request].statements:
        if (one.layer, one.policy, one.index, one.target) == (ref.layer, ref.policy, ref.index, ref.target):
            return one
    return None
