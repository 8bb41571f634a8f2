"""From a request to all that its call needs."""

from collections.abc import Iterator, Mapping
from types import ModuleType

import msgspec

from undeny import catalog
from undeny.calls import _listed, _roles
from undeny.calls._behind import Call, KeyUse, Reason, Settings, beside, kms
from undeny.calls._place import dig, service_file
from undeny.calls.model import ContextValue, Request


def expand(request: Request, settings: Settings) -> tuple[Request, ...]:
    """Give the request first, then those that its call also needs (`dependent`) and those that services make behind it (`hidden`).

    `settings` are facts of things by ARN, under the names of AWS's API responses. What depends on facts that are not there is
    `certain=False`; where a resource is not known `unknown_keys` holds `resource`: a key is then its alias's ARN or `key/*`.
    """
    found = {_identity(request): request}
    todo = [request]
    while todo:
        parent = todo.pop(0)
        for one in _next(Call.of(parent, settings)):
            sure = one if parent.certain else msgspec.structs.replace(one, certain=False)
            held = found.get(_identity(one))
            if held is None:
                todo.append(sure)
            if held is None or (sure.certain and not held.certain):
                found[_identity(one)] = sure
    return tuple(found.values())


def _identity(request: Request) -> tuple[str | None, str, str]:
    return request.principal, request.action, request.resource


def _next(call: Call) -> Iterator[Request]:
    """Give what one request needs; behind a service's call to KMS nothing comes, and a role that is passed is not used yet."""
    if call.request.role != "main" and call.request.action.partition(":")[0] in {"kms", "iam"}:
        return
    module = service_file(call.request.action.partition(":")[0])
    own = list(_of_file(call, module)) if module is not None else []
    if call.request.role == "main":
        yield from _tags(call, module)
    yield from own
    if call.request.role == "main":
        yield from _listed.passed(call, module)
        yield from _listed.linked(call, module)
        if not hasattr(module, "hidden"):
            yield from _listed.listed(call, {one.action for one in own})


def _of_file(call: Call, module: ModuleType) -> Iterator[Request]:
    yield from _roles.passes(call, module)
    yield from _keys(call, module)
    hidden = getattr(module, "hidden", None)
    if hidden is not None:
        yield from hidden(call)


def _tags(call: Call, module: ModuleType | None) -> Iterator[Request]:
    """Give the tagging action that a call with tags needs beside."""
    action = call.request.action
    if not any(key.lower().startswith(("aws:requesttag/", "aws:tagkeys")) for key in call.request.context):
        return
    table: Mapping[str, str] = getattr(module, "TAGGED", {})
    listed = [name for name in catalog.dependent_actions(action) if _tags_things(name, action)]
    for name in dict.fromkeys([*([table[action]] if action in table else []), *listed]):
        source = str(getattr(module, "SOURCE", None) or "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html")
        yield beside(call, name, call.request.resource, Reason("the call passes tags", source))


def _tags_things(name: str, action: str) -> bool:
    known = catalog.action(name)
    same = name.partition(":")[0] == action.partition(":")[0]
    return same and known is not None and "Tagging" in known.access_levels and name.partition(":")[2].startswith(("Tag", "AddTags"))


def _keys(call: Call, module: ModuleType) -> Iterator[Request]:
    """Give the requests to KMS that the service makes for the call, as its file's tables say."""
    table: Mapping[str, tuple[str, ...]] = getattr(module, "KEYS", {})
    if call.request.action not in table:
        return
    holder = getattr(module, "holder", None)
    arn = holder(call) if holder is not None else call.request.resource
    key, sure = _key(call, arn, getattr(module, "KEY_FACTS", ("KmsKeyId",)))
    default = getattr(module, "KEY_DEFAULT", None)
    if sure and key is None and default is None:
        return
    named = key if key is not None else default if sure else None
    own = getattr(module, "KEY_CONTEXT", None)
    context: dict[str, ContextValue] = {own: call.request.resource} if own is not None and "*" not in call.request.resource else {}
    why = module.KEY_WHY if sure else f"{module.KEY_WHY}, if there is one"
    via = getattr(module, "VIA", call.request.action.partition(":")[0])
    use = KeyUse(via=via, key=named, actions=table[call.request.action], context=context)
    yield from kms(call, use, Reason(why, getattr(module, "KEY_SOURCE", module.SOURCE), sure))


def _key(call: Call, arn: str, paths: tuple[str, ...]) -> tuple[str | None, bool]:
    """Give the key that the call or the facts of a thing name, and whether that is known: it is where either was seen."""
    for source in (call.request.parameters, call.facts(arn)):
        for path in paths:
            found = next((one for one in dig(source, path) if isinstance(one, str)), None)
            if found is not None:
                return found, True
    return None, call.facts(arn) is not None
