"""Which condition keys a call carries, and which it never does and why."""

from undeny import catalog
from undeny.calls._behind import UNSOURCED
from undeny.calls.model import Request
from undeny.catalog import ConditionKey
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
    if key.lower() in {name.lower() for name in request.context if request.context[name] is not None}:
        return None
    known = catalog.condition_key(key, request.action.partition(":")[0])
    for look in (_by_caller, _by_network, _by_creation, _by_action):
        reason = look(key, known, request)
        if reason is not None:
            return reason
    return None


def _by_caller(key: str, known: ConditionKey | None, request: Request) -> str | None:
    del key
    if known is None or request.principal is None:
        return None
    kind = principals.parse(request.principal).kind
    if request.principal in UNSOURCED and request.action.startswith("kms:") and known.name.startswith("aws:Source"):
        return f"calls of {request.principal} to KMS carry no {known.name}"
    if kind in known.absent_for:
        return f"{known.name} is never in requests of {_KINDS.get(kind, kind)}" + (
            f": it is for {known.principals}" if known.principals else ""
        )
    temporary = {"aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime"}
    if kind == "user" and known.name.lower() in temporary and known.name.lower() not in {name.lower() for name in request.unknown_keys}:
        return f"long-term access keys never carry {known.name}: it is for temporary credentials"
    return None


def _by_network(key: str, known: ConditionKey | None, request: Request) -> str | None:
    """Give why a key of the other way in is absent: over the internet, or through a VPC endpoint.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
    """
    del known
    present = {name.lower() for name in request.context}
    if key.lower() == "aws:sourceip" and present & {"aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpc"}:
        return "a call through a VPC endpoint carries aws:VpcSourceIp and not aws:SourceIp"
    if key.lower() in {"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip", "aws:sourcevpcarn"} and "aws:sourceip" in present:
        return f"a call over the internet does not carry {key}: it came from an address, not through a VPC endpoint"
    return None


def _by_creation(key: str, known: ConditionKey | None, request: Request) -> str | None:
    """Give why a tag of the resource is absent: what a call makes has no tags before.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
    """
    del known
    name = request.action.partition(":")[2]
    if "resourcetag/" not in key.lower():
        return None
    if name.startswith(("Create", "Run", "Register", "Import", "Allocate", "Request")) or request.resource.endswith(("/*", ":*")):
        return f"{key} is absent when a thing is made: it has no tags yet; the tags that the call passes are aws:RequestTag"
    return None


def _by_action(key: str, known: ConditionKey | None, request: Request) -> str | None:
    """Give why a service's own key is absent: AWS does not list it for the action."""
    action = catalog.action(request.action)
    if action is None or known is None or key.lower().startswith("aws:") or known.name.lower() in catalog.global_keys():
        return None
    prefix = known.name.partition(":")[0]
    if prefix not in catalog.prefixes():
        return None
    listed = {name.lower() for name in action.condition_keys}
    listed |= {name.lower() for kind in action.resources for name in kind.condition_keys}
    listed |= {name.lower() for kind in catalog.resource_types(request.resource) for name in kind.condition_keys}
    return None if known.name.lower() in listed else f"AWS does not list {known.name} for {action.name}"
