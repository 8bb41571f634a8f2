"""A request through an access point needs its policy and the bucket's to agree."""

from collections.abc import Mapping
from functools import partial

import msgspec

from undeny.decide.call import Call
from undeny.decide.naming import naming
from undeny.decide.plan import Parts
from undeny.decide.rules import Entries, ResourceRule, one_policy, sort_out_resource
from undeny.evidence.model import Gap
from undeny.iam import arn as arns
from undeny.iam.arn import Arn

NEEDS = ("s3:",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html"


def adapt(call: Call, parts: Parts) -> None:
    """Ask the bucket's policy too, as for a request on the bucket, with the access point's keys in the context."""
    point = access_point(call)
    if call.arn is None or point is None:
        return
    origin = call.setting(point, "NetworkOrigin")
    parts.context["s3:dataaccesspointarn"] = point
    parts.context["s3:dataaccesspointaccount"] = call.arn.account
    parts.context["s3:accesspointnetworkorigin"] = origin if isinstance(origin, str) else None
    bucket = bucket_of(call, point)
    on_bucket = msgspec.structs.replace(call, resource=_through(call.arn, bucket or "*"))
    on_bucket = msgspec.structs.replace(on_bucket, arn=arns.parse(on_bucket.resource))
    entries = _entries(call, point, bucket)
    namer = partial(naming, on_bucket)
    rule = sort_out_resource(entries, on_bucket, namer, without_resource=True) if entries is not None else ResourceRule()
    rule.namer = namer
    parts.policies.append(rule)
    parts.second = (entries, on_bucket) if entries is not None else None


def access_point(call: Call) -> str | None:
    """Give the ARN of the access point that a request goes through."""
    if call.arn is None or call.arn.service_prefix != "s3" or not call.arn.account or call.arn.resource_type != "accesspoint":
        return None
    name = call.arn.resource_id.partition("/")[0]
    return str(msgspec.structs.replace(call.arn, resource=f"accesspoint/{name}"))


def bucket_of(call: Call, point: str) -> str | None:
    """Find the bucket behind an access point: as its settings say, else the only bucket that was read."""
    name = call.setting(point, "Bucket")
    regions = call.setting(point, "Regions")
    if name is None and isinstance(regions, list) and len(regions) == 1 and isinstance(regions[0], Mapping):
        name = regions[0].get("Bucket")
    partition = call.arn.partition if call.arn is not None else "aws"
    if isinstance(name, str):
        return f"arn:{partition}:s3:::{name}"
    read = [text for text in call.things if text.startswith(f"arn:{partition}:s3:::") and "/" not in text]
    return read[0] if len(read) == 1 else None


def _through(arn: Arn, bucket: str) -> str:
    """Write the ARN on the bucket that stands for one on its access point."""
    _, found, key = arn.resource.partition("/object/")
    return f"{bucket}/{key}" if found else bucket


def _entries(call: Call, point: str, bucket: str | None) -> Entries | None:
    thing = call.things.get(bucket) if bucket else None
    if thing is None:
        return Entries((), Gap(what=f"resource policy of the bucket behind {point}", permission="s3:GetBucketPolicy"))
    return one_policy(thing.policy)
