"""Condition keys of a call: what the denial tells of them, and which nobody can know."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny import catalog
from undeny.calls._place import dig, folded, service_file
from undeny.calls.model import ContextValue
from undeny.denial.identity import is_address
from undeny.denial.model import Denial
from undeny.denial.record import is_details

TAGS = ("tags", "tag", "tagset", "taglist", "tagging", "resourcetags")
"""Parameters that hold tags, folded; a list of key and value, or a mapping."""
NETWORK = ("aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp")
CALLER = ("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime", "aws:SourceIdentity", "aws:FederatedProvider")
THROUGH = ("aws:UserAgent", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")
PASSED = ("aws:RequestTag/*", "aws:TagKeys")
ALWAYS = ("aws:PrincipalTag/*", "aws:ResourceTag/*")
"""Global keys that a denial may leave untold: where it comes from, who calls, through what, what is passed, tags. A family ends in `/*`."""


def context_of(denial: Denial, action: str) -> dict[str, ContextValue]:
    """Give the context keys that a denial tells, by itself or through the call's parameters."""
    found: dict[str, ContextValue] = dict(network(denial))
    if denial.user_agent is not None:
        found["aws:UserAgent"] = denial.user_agent
    if denial.region is not None:
        found["aws:RequestedRegion"] = denial.region
    if denial.invoked_by is not None and denial.principal_type not in {"AWSService", None}:
        found |= {"aws:ViaAWSService": "true", "aws:CalledVia": (denial.invoked_by,)}
    found |= of_parameters(action, denial.parameters or {})
    for key, values in denial.context.items():
        found[key] = values[0] if len(values) == 1 and not _multivalued(key) else tuple(values)
    return found


def _multivalued(key: str) -> bool:
    known = catalog.condition_key(key)
    return known is not None and known.multivalued


def network(denial: Denial) -> Iterator[tuple[str, ContextValue]]:
    """Give where the call came from: an address, or an endpoint with the address behind it."""
    address = denial.source_ip if denial.source_ip is not None and is_address(denial.source_ip) else None
    if denial.vpc_endpoint_id is None:
        if address is not None:
            yield "aws:SourceIp", address
        return
    yield "aws:SourceVpce", denial.vpc_endpoint_id
    if address is not None:
        yield "aws:VpcSourceIp", address


def of_parameters(action: str, parameters: Mapping[str, Any]) -> dict[str, ContextValue]:
    """Give the context keys that the call's parameters set: tags, and what the service's file maps."""
    found: dict[str, ContextValue] = {}
    tags = tags_of(parameters)
    if tags:
        found |= {f"aws:RequestTag/{key}": value for key, value in tags.items()} | {"aws:TagKeys": tuple(tags)}
    module = service_file(action.partition(":")[0])
    own = getattr(module, "context", None)
    if own is not None:
        found |= own(parameters)
    table: Mapping[str, str] = getattr(module, "CONTEXT", {})
    for path, key in table.items():
        values = [text(one) for one in dig(parameters, path) if not isinstance(one, Mapping) and one != ""]
        if values and _knows(action, key):
            found[key] = tuple(values) if _multivalued(key) else values[0]
    return found


def _knows(action: str, key: str) -> bool:
    """Whether AWS lists the key for the action, itself or on its resources; an action that the catalogue lacks may have any."""
    found = catalog.action(action)
    return found is None or key.lower() in {name.lower() for name in (*found.condition_keys, *_on_resources(found))}


def _on_resources(action: catalog.Action) -> Iterator[str]:
    for kind in action.resources:
        yield from kind.condition_keys


def text(value: object) -> str:
    """Write a parameter as a condition compares it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def tags_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Give the tags that a call passes, whichever of AWS's shapes they have."""
    found: dict[str, str] = {}
    names = folded(parameters)
    for name in TAGS:
        found |= _tags(names.get(name))
    specifications = names.get("tagspecificationset", names.get("tagspecifications", names.get("tagspecification")))
    for path in ("items.tags", "tags", "tag"):
        for one in dig(specifications, path):
            found |= _tags([one])
    return found


def _tags(value: object) -> dict[str, str]:
    match value:
        case {"items": list() as items}:
            return _tags(items)
        case {"tagSet": inner} | {"TagSet": inner} | {"tag": inner}:
            return _tags(inner)
        case Mapping() as mapping if all(isinstance(one, str) for one in mapping.values()):
            one = _tag(mapping)
            return one or {str(key): str(inner) for key, inner in mapping.items()}
        case list() | tuple() as entries:
            found: dict[str, str] = {}
            for entry in entries:
                found |= _tag(entry) if isinstance(entry, Mapping) else {}
            return found
        case _:
            return {}


def _tag(entry: Mapping[str, Any]) -> dict[str, str]:
    names = {name.lower(): value for name, value in entry.items()}
    key = names.get("key", names.get("tagkey"))
    return {str(key): str(names.get("value", names.get("tagvalue", "")))} if key is not None else {}


def unknown_keys(denial: Denial, action: str, known: Mapping[str, ContextValue]) -> tuple[str, ...]:
    """Give the keys whose value nobody can know from this denial; an event tells more than a text, but not tags of things."""
    if denial.record is not None and is_details(denial.record):
        return ()  # AWS's record holds every key that the request had
    told = {key.lower() for key in known}
    names = [*_untold(denial), *ALWAYS]
    if denial.parameters is None or denial.event_source is None:  # a line of code tells what is there, not what is not
        found = catalog.action(action)
        names += PASSED
        names += [family(key) for key in (found.condition_keys if found is not None else ())]
    if action.lower() in {"s3:getobject", "s3:getobjectversion"}:
        names.append("aws:referer")
    return tuple(dict.fromkeys(key for key in names if key.lower() not in told))


def _untold(denial: Denial) -> Iterator[str]:
    """Give the keys of network and caller that the denial does not tell.

    In an event a key that is not told was not there, but for what CloudTrail does not write: the VPC behind an endpoint, and how old an
    MFA login was. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """
    if denial.event_source is None or denial.wrapper not in {None, "cloudtrail"}:
        yield from (*NETWORK, *THROUGH, *CALLER)
        return
    if denial.vpc_endpoint_id is not None:
        yield "aws:SourceVpc"
    if denial.user_agent is None:
        yield "aws:UserAgent"
    if denial.principal_type not in {"IAMUser", "Root", "AWSService"}:
        yield from ("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge")
    elif "true" in denial.context.get("aws:MultiFactorAuthPresent", ()):
        yield "aws:MultiFactorAuthAge"


def family(key: str) -> str:
    """Write a key with a variable end as the family that it stands for: `aws:RequestTag/${TagKey}` is `aws:RequestTag/*`."""
    for mark in ("${", "<"):
        start = key.find(mark)
        if start > 0:
            return key[:start] + "*"
    return key
