"""What evidence adds to a request: whose the thing is, and the context keys that follow from what was read."""

from collections.abc import Iterator

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.evidence.layers import find
from undeny.evidence.model import Evidence, Gap
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
    if not added and account == request.resource_account:
        return request
    settled = {key.lower() for key in added} | {_family(key) for key in added}
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
    if who is not None and who.kind in ("user", "role"):
        thing = find(evidence.resources, who.text)
        tags = thing.settings.get("Tags", ()) if thing and thing.settings else ()
        yield from ((f"aws:PrincipalTag/{tag['Key']}", tag["Value"]) for tag in tags)
    if who is not None and who.account is not None:
        yield from _organization("aws:Principal", who.account, evidence.policies.scp, evidence)
    if request.resource_account is not None:
        yield from _organization("aws:Resource", request.resource_account, evidence.policies.rcp, evidence)


def _organization(prefix: str, account: str, levels: object, evidence: Evidence) -> Iterator[tuple[str, ContextValue]]:
    thing = evidence.resources.get(f"arn:aws:iam::{account}:root")
    held = thing.settings.get("Organization") if thing else None
    if not isinstance(held, dict) or "Id" not in held:
        return
    yield f"{prefix}OrgID", held["Id"]
    if isinstance(levels, tuple) and levels and not isinstance(levels, Gap):
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
        yield f"{prefix}OrgPaths", ("/".join([held["Id"], *(level.target for level in levels[:-1])]) + "/",)
