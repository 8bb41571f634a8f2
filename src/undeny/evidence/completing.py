"""What evidence adds to a request: whose the thing is, and the context keys that follow from what was read."""

from collections.abc import Iterator

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.evidence.layers import find
from undeny.evidence.model import Evidence, Gap, Resource
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal


def complete(request: Request, evidence: Evidence) -> Request:
    """Give the request with what the evidence settles; what it already says stays.

    The owner of a bucket, the organisation of caller and thing, the tags of a user or role that calls (a role session may have been
    given others: those stay unknown).
    """
    account = request.resource_account or _owner(request, evidence)
    told = {key.lower() for key in request.context}
    with_owner = msgspec.structs.replace(request, resource_account=account)
    added = {key: value for key, value in _keys(with_owner, evidence) if key.lower() not in told}
    settled = {key.lower() for key in added} | {_family(key) for key in added} | set(_known_tags(with_owner, evidence))
    if not added and account == request.resource_account and settled.isdisjoint(key.lower() for key in request.unknown_keys):
        return request
    unknown = tuple(key for key in request.unknown_keys if key.lower() not in settled)
    return msgspec.structs.replace(with_owner, context={**request.context, **added}, unknown_keys=unknown)


def _family(key: str) -> str:
    name, slash, _ = key.lower().partition("/")
    return f"{name}/${{tagkey}}" if slash else name


def _owner(request: Request, evidence: Evidence) -> str | None:
    arn = Arn.parse(request.resource)
    if arn is None:
        return None
    if arn.account.isdigit():
        return arn.account
    bucket = Arn(partition=arn.partition, service_prefix="s3", region="", account="", resource=arn.bucket)
    thing = evidence.resources.get(str(bucket)) if arn.service_prefix == "s3" else None
    owner = thing.settings.get("BucketAccountId") if thing else None
    return owner if isinstance(owner, str) else None


def _keys(request: Request, evidence: Evidence) -> Iterator[tuple[str, ContextValue]]:
    who = Principal.parse(request.principal) if request.principal else None
    yield from ((f"aws:PrincipalTag/{key}", value) for key, value in _tags(_caller(request, evidence)))
    yield from ((f"aws:ResourceTag/{key}", value) for key, value in _tags(find(evidence.resources, request.resource)))
    if who is not None and who.account is not None:
        yield from _organization("aws:Principal", who.account, evidence.policies.scp, evidence)
    if request.resource_account is not None:
        yield from _organization("aws:Resource", request.resource_account, evidence.policies.rcp, evidence)


def _caller(request: Request, evidence: Evidence) -> Resource | None:
    who = Principal.parse(request.principal) if request.principal else None
    return find(evidence.resources, who.text) if who is not None and who.kind in ("user", "role") else None


def _tags(thing: Resource | None) -> Iterator[tuple[str, str]]:
    """Give a thing's tags. A bucket's are none here: they count only where bucket ABAC is switched on.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    """
    arn = Arn.parse(thing.arn) if thing is not None else None
    if thing is None or arn is None or arn.service_prefix == "s3":
        return
    for tag in thing.settings.get("Tags", ()):
        yield tag["Key"], tag["Value"]


def _known_tags(request: Request, evidence: Evidence) -> Iterator[str]:
    """Give the families of tag keys that were read whole: IAM and Secrets Manager answer with all tags, or with none at all.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
    """
    caller, thing = _caller(request, evidence), find(evidence.resources, request.resource)
    if caller is not None and ("RoleId" in caller.settings or "UserId" in caller.settings):
        yield "aws:principaltag/${tagkey}"
    if thing is not None and any(name in thing.settings for name in ("RoleId", "UserId", "Tags")):
        yield "aws:resourcetag/${tagkey}"


def _organization(prefix: str, account: str, levels: object, evidence: Evidence) -> Iterator[tuple[str, ContextValue]]:
    thing = next((one for arn, one in evidence.resources.items() if arn.endswith(f":iam::{account}:root")), None)
    held = thing.settings.get("Organization") if thing else None
    if not isinstance(held, dict) or "Id" not in held:
        return
    yield f"{prefix}OrgID", held["Id"]
    if isinstance(levels, tuple) and levels and not isinstance(levels, Gap):
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
        yield f"{prefix}OrgPaths", ("/".join([held["Id"], *(level.target for level in levels[:-1])]) + "/",)
