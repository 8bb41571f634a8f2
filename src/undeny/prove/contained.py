"""Nothing else, for every request: whatever a new document allows, the old one or what the fix names allows too.

Most fixes are plain enough to be seen at once: each pair of action and resource that is new is one that the fix names. The rest is a
question for containment, put only where the documents are short: it is exact, and it takes its time.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from undeny.calls.model import Request
from undeny.fix import documents, requests
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import elements, wildcard
from undeny.iam.arn import Arn
from undeny.prove.model import Beyond

WHOLE = ("kms", "iam", "ecr")
"""Services whose own policies speak of the one thing that holds them, whatever `Resource` says or where there is none."""
MOST = 6
"""Statements, old and new together, that containment is asked about: it answers for them within a second or so."""


def plainly(edit: PolicyEdit, fix: Fix, caller: Request) -> bool:
    """Whether every new Allow allows only what the fix names or an old statement allowed."""
    old, new = elements.statements(edit.before), elements.statements(edit.after)
    changed = [s for s in new if s.get("Effect") == "Allow" and s not in old]
    return all(_within(s, old, edit, fix, caller) for s in changed)


def denies_stay(edit: PolicyEdit) -> bool:
    """Whether every Deny that was there is there still."""
    new = elements.statements(edit.after)
    return all(s in new for s in elements.statements(edit.before) if s.get("Effect") != "Allow")


def _within(statement: Mapping[str, Any], old: list[dict[str, Any]], edit: PolicyEdit, fix: Fix, caller: Request) -> bool:
    if not {"Action"} <= set(statement) or {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
        return False
    granted = tuple(_granted(edit, fix, caller))
    for who in _principals(statement.get("Principal")):
        for action in elements.listed(statement["Action"]):
            for resource in elements.listed(statement.get("Resource")) or ["*"]:
                asked = (str(action), str(resource), who)
                if not any(_covers(g, asked) for g in granted) and not _was_allowed(asked, statement, old):
                    return False
    return True


def _principals(element: Any) -> tuple[str, ...]:
    """Give each principal of a statement with its kind; `*` where the kind of policy names none."""
    if isinstance(element, Mapping):
        return tuple(f"{kind} {value}" for kind, values in element.items() for value in elements.listed(values))
    return ("*",)


def _covers(wide: tuple[str, str, str], narrow: tuple[str, str, str]) -> bool:
    return (
        wildcard.covers(wide[0].lower(), narrow[0].lower())
        and wildcard.covers(wide[1], narrow[1])
        and (wide[2] == "*" or _pathless(wide[2]) == _pathless(narrow[2]))
    )  # fmt: skip


def _pathless(principal: str) -> str:
    """Give a principal without a role's path: the ARN of a session does not hold it, and a name is unique in its account."""
    kind, _, text = principal.partition(" ")
    arn = Arn.parse(text)
    if arn is None or arn.resource_type != "role":
        return principal
    return f"{kind} {arn.account} role/{arn.name}"


def _was_allowed(asked: tuple[str, str, str], statement: Mapping[str, Any], old: list[dict[str, Any]]) -> bool:
    """Whether an old statement without a condition, or with the very same one, allowed these requests."""
    for before in old:
        same = before.get("Effect") == "Allow" and before.get("Condition") in (None, statement.get("Condition"))
        if not same or "Action" not in before or {"NotResource", "NotPrincipal"} & set(before):
            continue
        for who in _principals(before.get("Principal")):
            for action in elements.listed(before["Action"]):
                for resource in elements.listed(before.get("Resource")) or ["*"]:
                    if _covers((str(action), str(resource), who), asked):
                        return True
    return False


def _granted(edit: PolicyEdit, fix: Fix, caller: Request) -> Iterator[tuple[str, str, str]]:
    """Give what the fix names as this document would have to say it: action, resource, principal."""
    target = Arn.parse(edit.target)
    whole = edit.layer == "resource" and target is not None and target.service_prefix in WHOLE
    element = requests.principal_element(caller)
    who = next((f"{kind} {value}" for kind, value in element.items()), "*") if isinstance(element, Mapping) else "*"
    for action, resource, *anyone in fix.grants:
        yield action, "*" if whole else resource, "*" if anyone or edit.layer != "resource" else who


def beyond(edit: PolicyEdit, fix: Fix, caller: Request) -> Beyond | None:
    """Ask containment about one document; `None` where it is too long or the question cannot be put (a grant to a service).

    Where a Deny changed, both documents are asked about beside an allow of everything: what they deny is then all that differs.
    """
    kind: Literal["identity", "resource"] = "resource" if edit.layer in ("resource", "endpoint", "rcp") else "identity"
    if kind == "resource" and requests.caller(caller).kind not in ("user", "role", "role_session", "anonymous"):
        return None
    if len(elements.statements(edit.before)) + len(elements.statements(edit.after)) > MOST:
        return None
    from undeny.prove import containment  # noqa: PLC0415 - only where the plain way does not prove it

    granted = [(a, r) if w == "*" else (a, r, w.partition(" ")[2]) for a, r, w in _granted(edit, fix, caller)]
    open_ = not denies_stay(edit)
    before, after = (_beside_everything(d, kind) if open_ else d for d in (edit.before, edit.after))
    found = containment.allows_beyond(before, after, granted, kind)
    if found.witness is None:
        return Beyond(holds=found.holds)
    seen = found.witness
    return Beyond(holds=False, principal=seen.principal, action=seen.action, resource=seen.resource, context=dict(seen.context))


def _beside_everything(document: Mapping[str, Any] | None, kind: str) -> dict[str, Any]:
    everything: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    if kind == "resource":
        everything["Principal"] = "*"
    return documents.with_statements(document, [*elements.statements(document), everything])
