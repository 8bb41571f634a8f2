"""Where a call happens, and its parameters under folded names."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import msgspec

from undeny import dropins
from undeny.calls.model import ContextValue, Request
from undeny.iam import arn as arns
from undeny.iam import principal as principals

SERVICES = "undeny.calls.services"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Partition, Region and account of a call, and the API operation; `None` where nobody said."""

    partition: str = "aws"
    region: str | None = None
    account: str | None = None
    operation: str | None = None


def fold(name: str) -> str:
    """Fold a parameter's name: CloudTrail's `bucketName`, botocore's `BucketName` and a header's `x-amz-acl` meet in lower case."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def folded(parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give the top-level parameters under folded names; those without value are left out."""
    return {fold(name): value for name, value in (parameters or {}).items() if value not in (None, "", [], {})}


def partition_of(region: str | None) -> str:
    """Give the partition of a Region: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html."""
    if region is None:
        return "aws"
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rpartition("-")[0].rpartition("-")[0], "aws")


def account_of(principal: str | None) -> str | None:
    """Give the account of a caller."""
    return principals.parse(principal).account if principal is not None else None


def place_of(request: Request) -> Place:
    """Give the place of a request: from its resource, its context, its caller."""
    parsed = arns.parse(request.resource)
    said = value(request.context, "aws:RequestedRegion")
    region = (parsed.region if parsed is not None and parsed.region and "*" not in parsed.region else None) or (
        said if isinstance(said, str) else None
    )
    caller = principals.parse(request.principal) if request.principal is not None else None
    partition = parsed.partition if parsed is not None else caller.partition if caller is not None else partition_of(region)
    return Place(partition=partition, region=region, account=caller.account if caller is not None else None)


def value(context: Mapping[str, ContextValue], key: str) -> ContextValue:
    """Give the value of a context key, without case."""
    lowered = key.lower()
    return next((found for name, found in context.items() if name.lower() == lowered), None)


@cache
def service_file(prefix: str) -> ModuleType | None:
    """Import the file on a service's quirks; `None` where it has none. A Python keyword has `_` at its end."""
    stem = prefix.replace("-", "_")
    wanted = next((name for name in dropins.names(SERVICES) if name in {stem, f"{stem}_"}), None)
    return dropins.load(SERVICES, wanted) if wanted is not None else None


def texts(thing: object) -> Iterator[str]:
    """Give every text in a nested value."""
    match thing:
        case str():
            yield thing
        case Mapping():
            for inner in thing.values():
                yield from texts(inner)
        case list() | tuple():
            for inner in thing:
                yield from texts(inner)
        case _:
            return


def dig(thing: object, path: str) -> Iterator[Any]:
    """Give every value under a path of parameter names (`taskDefinition.taskRoleArn`), without case, lists walked into."""
    head, _, rest = path.partition(".")
    if isinstance(thing, list | tuple):
        for inner in thing:
            yield from dig(inner, path)
    if not isinstance(thing, Mapping):
        return
    for name, inner in thing.items():
        if fold(name) == fold(head) and inner not in (None, "", [], {}):
            if rest:
                yield from dig(inner, rest)
            elif isinstance(inner, list | tuple):
                yield from inner
            else:
                yield inner
