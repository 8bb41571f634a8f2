"""Which condition keys a call carries, and which it never does and why."""

from undeny import catalog
from undeny.calls.model import Request
from undeny.iam import principal as principals


def carried_keys(request: Request) -> tuple[str, ...]:
    """Give the condition keys that this call carries or may carry: those of its context, of the action, of its resource, global ones."""
    action = catalog.action(request.action)
    names = list(request.context)
    if action is not None:
        names.extend(action.condition_keys)
        for kind in action.resources:
            names.extend(kind.condition_keys)
    for type_ in catalog.resource_types(request.resource):
        names.extend(type_.condition_keys)
    names.extend(key.name for key in catalog.global_keys().values())
    seen: dict[str, str] = {}
    for name in names:
        if never_carried(name, request) is None:
            seen.setdefault(name.lower(), name)
    return tuple(seen.values())


_KINDS = {
    "user": "IAM users", "role": "roles", "role_session": "role sessions", "federated_user": "federated users", "root": "the root user",
    "service": "AWS service principals", "anonymous": "anonymous callers", "web_identity": "web identities", "saml": "SAML identities",
}  # fmt: skip


def never_carried(key: str, request: Request) -> str | None:
    """Give the reason why this call never carries the condition key, as a sentence without a stop; `None` where it may carry it."""
    known = catalog.condition_key(key, request.action.partition(":")[0])
    if known is None or request.principal is None:
        return None
    kind = principals.parse(request.principal).kind
    if kind in known.absent_for:
        return f"{known.name} is never in requests of {_KINDS.get(kind, kind)}" + (f": {known.principals}" if known.principals else "")
    return None
