"""Correct the statement that nearly allows it: its ARN, its operator or the value of its condition.

Two ways each: a narrow statement beside it for this very request, and the statement itself as its author seems to have meant it.
"""

import json
from collections.abc import Iterator

import msgspec

from undeny.calls.model import Request
from undeny.decide.model import Miss
from undeny.diagnose.model import Case, Cause
from undeny.fix import documents, grants, guards, mend, owner, requests, values
from undeny.fix.documents import Json
from undeny.fix.mend import Place
from undeny.fix.model import Applicability, Fix, PolicyEdit
from undeny.iam import elements

CODES = ("condition-mismatch", "wrong-resource-arn", "trust-policy", "pass-role")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the corrections of the statement that the cause points at; none where it was not read or may not be written."""
    request = mend.request_of(case, cause)
    at = mend.place(case, request, cause.statement) if request else None
    if case.evidence.from_text or request is None or at is None or at.statement.get("Effect") != "Allow":
        return ()
    if not grants.can_edit(at.policy) or (at.layer == "resource" and grants.past_boundary(case, request)):
        return ()
    return tuple(fix for fix in (_narrow(case, request, at), _in_place(case, request, at), _in_time(case, request, at)) if fix)


def _narrow(case: Case, request: Request, at: Place) -> Fix | None:
    """Add a statement for this action and resource alone, under the conditions of the one that nearly applied."""
    mended = mend.applying(case, request, at, _exactly(at.statement, request, grants.holder(case, request), at.layer), keep=False)
    if mended is None:
        return None
    statement, misses = mended
    statement = _never_empty(statement)
    conditions = [m for m in misses if m.element == "condition"]
    if not conditions and at.layer == "identity" and "Condition" not in at.statement:
        return None  # the resource alone missed: strategies/identity_statement.py puts it where there is room
    statement.pop("Sid", None)
    if requests.caller(request).kind == "service" and (source := requests.of_source(request)):
        statement["Condition"] = requests.merged(source, statement.get("Condition") or {})
    if requests.caller(request).kind in ("web_identity", "saml"):
        statement["Condition"] = requests.merged(grants.claims(request), statement.get("Condition") or {})
    if not statement.get("Condition"):
        statement.pop("Condition", None)
    edit = at.edit(documents.added(at.policy.document.data, statement))
    said = _said(conditions, statement, beside=False) or "under the same conditions"
    title = (
        f"allow {request.action} on {requests.short(request.resource)} alone {said}, in a statement beside {at.index + 1} of {_named(at)}"
    )
    on = str(statement.get("Resource", request.resource))
    return _fix(request, at, edit, title, conditions, (request.action, request.resource if on == "*" else on))


def _exactly(statement: Json, request: Request, who: str, layer: str) -> Json:
    """Give the statement for one action, resource and principal, its conditions kept."""
    after = {k: v for k, v in statement.items() if k not in ("NotAction", "NotResource", "NotPrincipal")}
    after["Action"] = request.action
    if "Principal" in statement or "NotPrincipal" in statement:
        after["Principal"] = requests.principal_element(request, who)
    if layer == "endpoint" and requests.caller(request).kind not in requests.WITHOUT_POLICIES:
        # a gateway endpoint's policy reads no role names: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
        after |= {"Principal": "*", "Condition": requests.merged(after.get("Condition") or {}, {"ArnEquals": {"aws:PrincipalArn": who}})}
    own_key = elements.listed(statement.get("Resource")) == ["*"] and "Principal" in statement and request.action.lower().startswith("kms:")
    if ("Resource" in statement or "NotResource" in statement) and not own_key:
        after["Resource"] = requests.exact(request)
    if narrow := requests.narrowing(request):
        after["Condition"] = requests.merged(narrow, after.get("Condition") or {})
    return after


def _never_empty(statement: Json) -> Json:
    """Ask that a key be there whose values are all of a list: `ForAllValues` alone holds of a call without it too.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    for operator, block in (statement.get("Condition") or {}).items():
        for key in block if operator.lower().startswith("forallvalues:") else ():
            if not documents.condition_block(statement, "Null", key):
                statement = documents.with_condition_values(statement, "Null", key, ["false"])
    return statement


def _in_place(case: Case, request: Request, at: Place) -> Fix | None:
    """Correct the statement itself: all that it allows it then allows here too."""
    statement = at.statement
    asked = {key.lower() for block in (statement.get("Condition") or {}).values() for key in block}
    if not all(key.lower() in asked for block in requests.narrowing(request).values() for key in block):
        return None  # the exact statement is held to the service in between; this one would be open to all
    arn = _corrected_arn(statement, request)
    mended = mend.applying(case, request, at, statement, keep=True)
    if mended is None:
        return None
    statement, misses = mended
    if any(m.element == "principal" for m in misses) and requests.caller(request).kind not in ("user", "role", "role_session", "service"):
        return None  # a token, or everybody, is let in by a statement with conditions of its own alone
    conditions = [m for m in misses if m.element == "condition"]
    edit = at.edit(documents.replaced(at.policy.document.data, at.index, statement))
    parts = [arn, _said(conditions, statement, beside=True)]
    if any(m.element == "principal" for m in misses):
        parts.append(f"it names {requests.in_policies(request)} too")
    if any(m.element == "resource" for m in misses):
        parts.append("its Resource names this ARN too")
    title = f"correct statement {at.index + 1} of {_named(at)}, for all that it allows: {' and '.join(p for p in parts if p)}"
    alone = statement.get("Principal") == requests.principal_element(request, grants.holder(case, request))
    anyone = ("*",) if at.layer in ("resource", "endpoint", "scp", "rcp") and not alone else ()
    opens = tuple((*pair, *anyone) for pair in _opens(statement, request))
    fix = _fix(request, at, edit, title, conditions, *opens)
    loose = [f"{m.key} like {', '.join(m.wanted)}" if m.got else f"value of {m.key}, or none" for m in conditions if _open_to_more(m)]
    more = f"opens more than this call: every {' and every '.join(loose)}"
    return msgspec.structs.replace(fix, risks=(*fix.risks, more)) if loose else fix


def _open_to_more(miss: Miss) -> bool:
    """Whether the condition as mended holds for other calls than those with this one's value."""
    return values.as_written(miss) or not miss.got


def _corrected_arn(statement: Json, request: Request) -> str | None:
    """Write into the statement the ARN that its author seems to have meant, and say so; `None` where nothing near it is there.

    A pattern that can fit nothing goes; one that may be meant for something else stays beside the right one.
    """
    from undeny.fix import arns  # noqa: PLC0415 - only ARN corrections need the patterns

    listed = [str(r) for r in elements.listed(statement.get("Resource"))]
    actions = [str(a) for a in elements.listed(statement.get("Action"))]
    for place, old in enumerate(listed):
        right = arns.meant(old, request.resource)
        if right is None:
            continue
        gone = arns.cannot_be(old, right, actions)
        statement["Resource"] = elements.unlisted([*listed[:place], *([] if gone else [old]), right, *listed[place + 1 :]])
        return f"`{right}` {'in place of' if gone else 'beside'} `{old}`" + (", which fits nothing" if gone else "")
    return None


def _in_time(case: Case, request: Request, at: Place) -> Fix | None:
    """Ask for a later time where the allow has run out, or has not begun: nobody here knows which."""
    told = mend.judged(case, case.evidence, request, at)
    miss = told.miss if told else None
    if miss is None or not values.bare(miss.operator or "").startswith("date"):
        return None
    statement = documents.with_condition_values(at.statement, miss.operator or "", miss.key or "", ["<new time>"])
    edit = at.edit(documents.replaced(at.policy.document.data, at.index, statement))
    return Fix(
        id="",
        title=f"have the time in statement {at.index + 1} of {_named(at)} extended: it says {', '.join(miss.wanted)}",
        layer=at.layer,
        applicability="has_placeholders",
        changes=(edit,),
        risks=(f"the condition on {miss.key} ends the permission on purpose: its owner decides",),
        owner=guards.owner_of(at.layer, request),
    )


def _opens(statement: Json, request: Request) -> Iterator[tuple[str, str]]:
    for action in elements.listed(statement.get("Action")) or ["*"]:
        for resource in elements.listed(statement.get("Resource")) or [request.resource]:
            yield str(action), str(resource)


def _fix(request: Request, at: Place, edit: PolicyEdit, title: str, misses: list[Miss], *opens: tuple[str, ...]) -> Fix:
    loosened = [m for m in misses if m.key and _loosens(m, edit)]
    exact = (request.resource, requests.exact(request))
    there = set() if misses else set(_opens(at.statement, request))
    opens = tuple(opened for opened in opens if opened[:2] not in there)
    wide = [(a, r) for a, r, *_ in opens if a != request.action or r not in exact]
    guard = at.layer in ("scp", "rcp", "boundary", "session", "endpoint")
    applicability: Applicability = "maybe_incorrect" if loosened or guard or wide else "machine_applicable"
    risks = tuple(f"loosens the condition on {m.key}, which guards something" for m in loosened)
    if wide:
        risks = (*risks, f"opens more than this call: {', '.join(f'{a} on {r}' for a, r in wide[:3])}{' ...' if len(wide) > 3 else ''}")
    if requests.caller(request).kind == "anonymous":
        applicability, risks = "maybe_incorrect", (*risks, grants.TO_EVERYONE)
    if at.layer == "identity" and owner.shared(at.policy):
        applicability, risks = "maybe_incorrect", (*risks, f"everyone else who has {at.name} gets this too")
    whose = owner.of_principal(request.principal or "") if at.layer == "identity" else owner.Owner()
    theirs = guards.owner_of(at.layer, request)
    statement = elements.statements(edit.after)[min(at.index, len(elements.statements(edit.after)) - 1)]
    return Fix(
        id="",
        title=title,
        layer=at.layer,
        applicability=applicability,
        changes=(edit,),
        risks=(*risks, whose.note) if whose.note else risks,
        managed_by=whose.managed_by,
        owner=theirs,
        message=grants.ask(request, edit, statement) if theirs else None,
        grants=opens,
    )


def _loosens(miss: Miss, edit: PolicyEdit) -> bool:
    """Whether mending that condition weakens a guard: not where the value is as its author wrote it, or another key now says the same."""
    key = miss.key or ""
    if values.as_written(miss):
        return False
    if _moved(miss, edit.after):
        return False
    return not miss.got or values.is_guard(key)


def _moved(miss: Miss, written: object) -> str | None:
    """Give the key that now says the same, where the condition was put on it."""
    other = values.substitute(miss.key or "")
    return other if not miss.got and other and f'"{other.lower()}"' in json.dumps(written).lower() else None


def _said(misses: list[Miss], statement: Json, *, beside: bool) -> str:
    """Say what becomes of each condition; with `beside` also of the value that it asked for."""
    parts = []
    for miss in misses:
        key, got = miss.key, ", ".join(miss.got or ())
        left = [w for w in miss.wanted if f'"{w}"' in json.dumps(statement.get("Condition"), ensure_ascii=False)]
        if beside and values.as_written(miss):
            parts.append(f"{key} compared with StringLike, which reads `*`")
        elif miss.got and beside and not values.negated(miss.operator or ""):
            parts.append(f"{key} {got} {'beside' if left else 'in place of'} {', '.join(left or miss.wanted)}")
        elif miss.got:
            parts.append(f"with {key} {got}")
        elif _moved(miss, statement):
            parts.append(f"with {_moved(miss, statement)} in place of {key}, which this call does not carry")
        elif not beside:
            parts.append(f"for calls that carry no {key}, as this one")
        else:
            parts.append(f"without asking for {key}, which this call does not carry")
    return " and ".join(parts)


def _named(at: Place) -> str:
    return at.name or f"the policy of {requests.short(at.target)}"
