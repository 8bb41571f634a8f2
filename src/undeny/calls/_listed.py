"""What a call needs beside, as AWS's reference lists it: service-linked roles, roles that are passed, other dependent actions."""

from collections.abc import Iterator, Mapping
from types import ModuleType

import msgspec

from undeny import catalog
from undeny.calls._behind import Call, Reason, beside
from undeny.calls._roles import pass_role
from undeny.calls.model import Request
from undeny.iam import arn as arns

LINKED = "iam:CreateServiceLinkedRole"
PASSING = "iam:PassRole"
REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"
ROLES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html"
_TAGGING = ("Tag", "AddTags", "CreateTags", "CreateOrUpdateTags", "ListTags", "Untag")
MOST = 12
"""Dependent actions that are told of one call: a few services list hundreds, for every one of their actions."""


def linked(call: Call, module: ModuleType | None) -> Iterator[Request]:
    """Give the creation of the service's own role, which the service asks for with the caller's permissions where it is not there yet."""
    rows: list[tuple[str | None, str | None]] = [*_linked(call, module)]
    listed = LINKED in catalog.dependent_actions(call.request.action) and not hasattr(module, "hidden")
    account = call.caller_account or "*"
    for service, role in rows or ([(None, None)] if listed else []):
        arn = f"arn:{call.place.partition}:iam::{account}:role/aws-service-role/{service or '*'}/{role or '*'}"
        if arn in call.settings:
            continue
        why = f"{service or 'the service'} makes its own role in the account with your permissions, if it is not there yet"
        context = {"iam:AWSServiceName": service} if service else {}
        made = beside(call, LINKED, arn, Reason(why, getattr(module, "LINKED_SOURCE", ROLES), certain=False), context)
        yield made if service else msgspec.structs.replace(made, unknown_keys=("resource", "iam:AWSServiceName"))


def _linked(call: Call, module: ModuleType | None) -> Iterator[tuple[str, str]]:
    table: Mapping[str, tuple[str, str]] = getattr(module, "LINKED", {})
    if call.request.action in table:
        yield table[call.request.action]
    own = getattr(module, "linked", None)
    if own is not None:
        yield from own(call)


def passed(call: Call, module: ModuleType | None) -> Iterator[Request]:
    """Give iam:PassRole for the roles that a call names whose action AWS's reference lists it for, where the service's file does not."""
    table: Mapping[str, tuple[tuple[str, ...], str]] = getattr(module, "PASSES", {})
    if call.request.action in table or PASSING not in catalog.dependent_actions(call.request.action):
        return
    to = {service for _, service in table.values()}
    for role in dict.fromkeys(_roles_in(call.request.parameters)):
        if len(to) == 1:
            yield pass_role(call, role, next(iter(to)))
            continue
        made = pass_role(call, role, "")
        context = {key: value for key, value in made.context.items() if key != "iam:PassedToService"}
        yield msgspec.structs.replace(
            made, context=context, unknown_keys=(*made.unknown_keys, "iam:PassedToService"), why="the call hands the role to the service"
        )


def _roles_in(thing: object, name: str = "") -> Iterator[str]:
    """Give the ARNs of roles that stand under a parameter whose name speaks of a role."""
    if isinstance(thing, Mapping):
        for key, inner in thing.items():
            yield from _roles_in(inner, str(key))
    elif isinstance(thing, list | tuple):
        for inner in thing:
            yield from _roles_in(inner, name)
    elif isinstance(thing, str) and "role" in name.lower():
        parsed = arns.parse(thing)
        if parsed is not None and parsed.service_prefix == "iam" and parsed.resource_type == "role":
            yield thing


def listed(call: Call, known: set[str]) -> Iterator[Request]:
    """Give the other actions that AWS's reference listed for this one: on the same thing where they work on it, else nobody knows on what.

    It is for services of which no file says when each is needed. `known` are the actions that the service's own file has told already.
    """
    reason = Reason("AWS's reference lists it beside this action", REFERENCE, certain=False)
    names = [name for name in catalog.dependent_actions(call.request.action) if _worth(name, known)]
    for name in names[:MOST]:
        found = catalog.action(name)
        own = {kind.name for kind in catalog.resource_types(call.request.resource)}
        same = found is not None and bool(own & {kind.name for kind in found.resources}) and _same_service(name, call.request.action)
        nothing = found is not None and not found.resources
        made = beside(call, name, call.request.resource if same else "*", reason)
        yield made if same or nothing else msgspec.structs.replace(made, unknown_keys=(*made.unknown_keys, "resource"))


def _worth(name: str, known: set[str]) -> bool:
    verb = name.partition(":")[2]
    return name not in {LINKED, PASSING, *known} and not verb.startswith(_TAGGING)


def _same_service(one: str, other: str) -> bool:
    return one.partition(":")[0] == other.partition(":")[0]
