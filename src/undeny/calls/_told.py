"""From a denial to the requests that the call itself made."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny import catalog
from undeny.calls import _arn, _between, _keys
from undeny.calls._place import Place, account_of, partition_of, service_file
from undeny.calls.model import ContextValue, Given, Request
from undeny.denial.model import Denial
from undeny.iam import arn as arns
from undeny.iam import principal as principals


def requests_of(denial: Denial, given: Given) -> tuple[Request, ...]:
    """Give the requests that a denied call made itself, the denied one first; empty where nothing says which action it was.

    `unknown_keys` holds, beside condition keys, the words `action` and `resource` where that had to be taken from several or is not known
    (the resource is then `*`).
    """
    actions, sure = actions_of(denial, given)
    requests = [_request(denial, given, action, first=index == 0) for index, action in enumerate(actions)]
    if requests and not sure:
        first = requests[0]
        requests[0] = replace(first, unknown_keys=("action", *first.unknown_keys))
    return tuple(requests)


def replace(request: Request, **changes: Any) -> Request:
    """Give the request with other fields."""
    return msgspec.structs.replace(request, **changes)


def actions_of(denial: Denial, given: Given) -> tuple[tuple[str, ...], bool]:
    """Give the actions of a denied call, and whether they are sure: false where several services have an operation of that name."""
    told = given.action or denial.action
    if told is not None:
        return (_action(told),), True
    if denial.operation is None:
        return (), True
    service = denial.event_source or denial.service or _service_of_resource(given.resource or denial.resource)
    found = _alike(catalog.operations(denial.operation, service), denial.error_code)
    if not found:
        return catalog.actions_for(denial.operation, service)[:1], service is not None
    own = getattr(service_file(found[0].prefix), "actions", None)
    special = own(found[0].name, denial.parameters or {}) if own is not None else None
    actions = special or found[0].actions
    if actions is None:
        actions = catalog.actions_for(denial.operation, service)[:1]
    return tuple(actions), len({one.prefix for one in found}) == 1


def _alike(found: tuple[catalog.Operation, ...], code: str | None) -> tuple[catalog.Operation, ...]:
    """Keep the operations whose service words an error so: `AccessDenied` in XML, `AccessDeniedException` in JSON, EC2's own.

    A bare status instead of a code is an answer to HEAD, which S3 has.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    family, _, code = (code or "").rpartition(".")
    if code in {"UnauthorizedOperation", "AuthFailure", "OptInRequired"} or family in {"Client", "Server"}:
        kept = tuple(one for one in found if one.prefix == "ec2")
    elif code:
        kept = tuple(one for one in found if one.xml != code.endswith("Exception"))
    else:
        kept = ()
    return kept or found


def _action(told: str) -> str:
    """Give the action by its canonical name; one named after an operation (`s3:ListObjectsV2`) is turned into the operation's."""
    if catalog.action(told) is not None:
        return catalog.canonical(told)
    prefix, _, name = told.partition(":")
    mapped = catalog.operations(name, prefix) if name else ()
    return mapped[0].actions[0] if mapped and mapped[0].actions else catalog.canonical(told)


def _service_of_resource(resource: str | None) -> str | None:
    parsed = arns.parse(resource) if resource is not None else None
    return parsed.service_prefix if parsed is not None else None


def place_of(denial: Denial, principal: str | None) -> Place:
    """Give the place of a denied call."""
    caller = principals.parse(principal) if principal is not None else None
    account = (caller.account if caller is not None else None) or denial.account or denial.recipient_account
    partition = caller.partition if caller is not None and arns.parse(principal or "") is not None else partition_of(denial.region)
    named = arns.parse(denial.resource) if denial.resource is not None else None
    region = denial.region or (named.region if named is not None and "*" not in named.region else None) or None
    return Place(partition=partition, region=region, account=account, operation=denial.operation)


def _request(denial: Denial, given: Given, action: str, *, first: bool) -> Request:
    principal = given.principal or denial.principal
    place = place_of(denial, principal)
    resource, known = _resource(denial, given, action, place, first=first)
    context: dict[str, ContextValue] = (
        dict(_between.context_of(denial, action, place)) | _keys.context_of(denial, action) | dict(given.context)
    )
    unknown = _keys.unknown_keys(denial, action, context)
    return Request(
        principal=principal,
        action=action,
        resource=resource,
        resource_account=resource_account(resource, place.account),
        context=context,
        unknown_keys=unknown if known else ("resource", *unknown),
        parameters=denial.parameters or {},
    )


def resource_account(resource: str, caller: str | None) -> str | None:
    """Give the account that owns a resource: the ARN's; the caller's for `*` and for ARNs whose kind has no account, S3's excepted."""
    parsed = arns.parse(resource)
    if parsed is None:
        return caller
    if parsed.account:
        return parsed.account if parsed.account.isdigit() else None
    if parsed.service_prefix == "s3":
        return None
    kinds = catalog.resource_types(resource)
    return caller if kinds and "${Account}" not in kinds[0].arn and "foundation-model" not in kinds[0].arn else None


def _resource(denial: Denial, given: Given, action: str, place: Place, *, first: bool) -> tuple[str, bool]:
    """Give the resource, and whether it is known: told by the sentence, named beside it, or built from the parameters."""
    told = given.resource or denial.resource if first else None
    if told is not None and (arns.parse(told) is not None or told == "*"):
        return told, True
    parameters = _parameters(denial, told)
    for found in (_arn.built(action, parameters, place), _arn.named(action, denial.resources)):
        if found is not None:
            return found, True
    known = catalog.action(action)
    return "*", known is not None and not known.resources


def _parameters(denial: Denial, told: str | None) -> Mapping[str, Any]:
    """Give the call's parameters; a bare name that the sentence has instead of an ARN (`role voclabs`) counts as one."""
    parameters = dict(denial.parameters or {})
    kind, space, name = (told or "").partition(" ")
    if space and name and kind.isalpha():
        parameters.setdefault(f"{kind}Name", name.strip())
    return parameters


__all__ = ["account_of", "actions_of", "replace", "requests_of", "resource_account"]
