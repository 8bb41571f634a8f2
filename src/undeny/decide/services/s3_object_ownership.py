"""An object that another account owns is not covered by what the bucket owner grants: its ACL alone lets in."""

from collections.abc import Mapping

from undeny.decide.call import Call
from undeny.decide.plan import Parts
from undeny.decide.services.s3_acl import ownership

NEEDS = ("s3:",)
FACTS_ONLY = True
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"
_BUCKET_OWNER_MAY = frozenset({"putobject", "deleteobject", "deleteobjectversion", "restoreobject", "abortmultipartupload"})
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html (the bucket owner pays: deletes, archives)"""


def adapt(call: Call, parts: Parts) -> None:
    """Leave only ACLs on the resource's side, and need them also in one account."""
    bucket = call.bucket
    if bucket is None or call.resource == bucket or call.name in _BUCKET_OWNER_MAY or ownership(call, bucket) == "BucketOwnerEnforced":
        return
    owners = [call.setting(thing, "Owner") for thing in (bucket, call.resource)]
    ids = [owner.get("ID") if isinstance(owner, Mapping) else None for owner in owners]
    if None in ids or ids[0] == ids[1]:
        return
    why = "another account owns the object: the bucket owner's grants do not cover it"
    for check in [check for checks in parts.own.ways.values() for check in checks]:
        parts.switch_off(check, why)
    parts.own.filtered(lambda check: check.what is not None)
    parts.modes = tuple("alone" if mode == "alone" else "cross" for mode in parts.modes)
    parts.resource_applies = True
    parts.notes.append(why)
