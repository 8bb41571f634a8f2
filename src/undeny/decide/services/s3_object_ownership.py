"""An object that another account owns is not covered by what the bucket owner grants: its ACL alone lets in."""

import re
from collections.abc import Mapping

from undeny.decide.call import Call
from undeny.decide.plan import Parts
from undeny.decide.services.s3_acl import ownership

NEEDS = ("s3:",)
FACTS_ONLY = True
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"
_BUCKET_OWNER_MAY = frozenset({"putobject", "deleteobject", "deleteobjectversion", "restoreobject", "abortmultipartupload"})
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html (the bucket owner pays: deletes, archives)"""


def _owner(call: Call, thing: str | None) -> str | None:
    found = call.setting(thing, "Owner")
    identifier = found.get("ID") if isinstance(found, Mapping) else None
    return identifier if isinstance(identifier, str) else None


def _perhaps(call: Call, parts: Parts) -> None:
    """Leave open what only the bucket owner's grants or account would allow: whose the object is, is not known."""
    for check in [check for checks in parts.own.ways.values() for check in checks if check.what is None]:
        check.certain = None
    parts.modes = ("alone",) if parts.modes == ("alone",) else tuple(dict.fromkeys((*parts.modes, "cross")))
    parts.unsaid.append(f"which account owns {call.resource}")


def adapt(call: Call, parts: Parts) -> None:
    """Leave only ACLs on the resource's side, and need them also in one account."""
    bucket = call.bucket
    if bucket is None or call.resource == bucket or call.name in _BUCKET_OWNER_MAY or ownership(call, bucket) == "BucketOwnerEnforced":
        return
    owner = _owner(call, call.resource)
    of_bucket = _owner(call, bucket) or call.account_setting(call.resource_account, "CanonicalUserId")
    if owner is None or owner in {of_bucket, call.resource_account}:
        return
    if of_bucket is None and not re.fullmatch(r"\d{12}", owner):
        _perhaps(call, parts)
        return
    why = "another account owns the object: the bucket owner's grants do not cover it"
    for check in [check for checks in parts.own.ways.values() for check in checks]:
        parts.switch_off(check, why)
    parts.own.filtered(lambda check: check.what is not None)
    parts.modes = tuple("alone" if mode == "alone" else "cross" for mode in parts.modes)
    parts.resource_applies = True
    parts.notes.append(why)
