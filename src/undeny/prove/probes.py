"""Neighbouring requests: what a change could open by accident, derived from the request and from the documents before and after."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from undeny import catalog
from undeny.calls.model import ContextValue, Request
from undeny.fix import requests
from undeny.fix.model import Edit, PolicyEdit
from undeny.iam import elements, wildcard
from undeny.iam.arn import Arn

MOST = 240
"""Probes for one request: enough for every element by itself and the near pairs, few enough to answer at once."""
_STRANGE = ("iam:CreateUser", "iam:PutRolePolicy", "sts:AssumeRole", "s3:DeleteBucket", "ec2:TerminateInstances", "kms:ScheduleKeyDeletion")
_ACCOUNT = "999999999999"


def probes(base: Request, changes: Iterable[Edit]) -> tuple[Request, ...]:
    """Give the neighbours of a request, without itself: one element changed, then action and resource together."""
    edits = [c for c in changes if isinstance(c, PolicyEdit)]
    written = [s for edit in edits for d in (edit.before, edit.after) for s in elements.statements(d)]
    actions = tuple(_actions(base, written))
    resources = tuple(_resources(base, written))
    found: dict[tuple[object, ...], Request] = {}
    for probe in _all(base, actions, resources, written):
        key = (probe.principal, probe.action.lower(), probe.resource, tuple(sorted(probe.context.items(), key=str)))
        found.setdefault(key, probe)
    found.pop((base.principal, base.action.lower(), base.resource, tuple(sorted(base.context.items(), key=str))), None)
    return tuple(found.values())[:MOST]


def _all(base: Request, actions: tuple[str, ...], resources: tuple[str, ...], written: list[dict[str, Any]]) -> Iterator[Request]:
    for action in actions:
        yield msgspec.structs.replace(base, action=action)
    for resource in resources:
        yield _on(base, resource)
    for who in _principals(base, written):
        yield msgspec.structs.replace(base, principal=who)
    for context in _contexts(base, written):
        yield msgspec.structs.replace(base, context=context)
    for action in actions[:12]:
        for resource in resources[:10]:
            yield _on(msgspec.structs.replace(base, action=action), resource)
    for who in tuple(_principals(base, written))[:4]:
        for action in actions[:4]:
            yield msgspec.structs.replace(base, principal=who, action=action)


def _on(base: Request, resource: str) -> Request:
    arn = Arn.parse(resource)
    account = arn.account if arn and arn.account.isdigit() else base.resource_account
    return msgspec.structs.replace(base, resource=resource, resource_account=account)


def _actions(base: Request, written: list[dict[str, Any]]) -> Iterator[str]:
    """Siblings of the action: written in the documents, of the same service and access level, one of each other level, strangers."""
    for statement in written:
        for pattern in elements.listed(statement.get("Action")):
            yield from (catalog.expand(str(pattern))[:6] if wildcard.has_wildcard(str(pattern)) else (str(pattern),))
    prefix, _, name = base.action.partition(":")
    service = catalog.service(prefix)
    own = catalog.action(base.action)
    known = list(service.actions.values()) if service else []
    stem = name[:6].lower()
    alike = [a.name for a in known if a.name.partition(":")[2].lower().startswith(stem)]
    same = [a.name for a in known if own and set(a.access_levels) & set(own.access_levels)]
    yield from alike[:8]
    yield from same[:12]
    for level in ("List", "Read", "Write", "Permissions management", "Tagging"):
        yield from [a.name for a in known if level in a.access_levels][:2]
    yield from _STRANGE


def _resources(base: Request, written: list[dict[str, Any]]) -> Iterator[str]:
    """Siblings of the resource: longer, shorter, another name, Region or account, and one of each pattern in the documents."""
    resource = base.resource
    arn = Arn.parse(resource)
    if arn is not None:
        yield from (f"{resource}x", f"{resource}/x", resource[:-1])
        parent = resource.rpartition("/")[0] or resource
        yield from (parent, f"{parent}/undeny-probe", f"{parent}x/undeny-probe")
        yield str(msgspec.structs.replace(arn, account=_ACCOUNT if arn.account else ""))
        yield str(msgspec.structs.replace(arn, region="sa-east-1" if arn.region else ""))
        yield str(msgspec.structs.replace(arn, resource="undeny-probe"))
    for statement in written:
        for pattern in elements.listed(statement.get("Resource")):
            for filling in ("", "undeny-probe"):
                concrete = str(pattern).replace("*", filling).replace("?", "x")
                if Arn.parse(concrete):
                    yield concrete
    yield "*"


def _principals(base: Request, written: list[dict[str, Any]]) -> Iterator[str]:
    """Other callers: a neighbour in the account, its root, another account, those in the documents, a service, nobody."""
    who = requests.caller(base)
    if who.account is not None:
        yield f"arn:{who.partition}:iam::{who.account}:role/undeny-probe"
        yield f"arn:{who.partition}:iam::{who.account}:user/undeny-probe"
        if who.name:
            yield f"arn:{who.partition}:iam::{who.account}:role/{who.name}x"
    yield f"arn:{who.partition}:iam::{_ACCOUNT}:role/undeny-probe"
    yield "anonymous"
    for statement in written:
        element = statement.get("Principal")
        for listed in element.values() if isinstance(element, Mapping) else ():
            yield from (str(v) for v in elements.listed(listed) if "*" not in str(v))


def _contexts(base: Request, written: list[dict[str, Any]]) -> Iterator[dict[str, ContextValue]]:
    """Other contexts: each key gone, each with another value, and each value that the documents speak of."""
    for key in base.context:
        yield {k: v for k, v in base.context.items() if k != key}
        yield {**base.context, key: "undeny-probe"}
    for statement in written:
        for block in (statement.get("Condition") or {}).values():
            for key, held in block.items() if isinstance(block, Mapping) else ():
                rest = {k: v for k, v in base.context.items() if k.lower() != key.lower()}
                for value in elements.listed(held)[:3]:
                    yield {**rest, key: str(value)}
