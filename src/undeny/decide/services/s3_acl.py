"""Access control lists: allows on the resource's side, where object ownership lets them count."""

from collections.abc import Mapping
from typing import Any

from undeny.decide.call import Call
from undeny.decide.naming import canonical_id
from undeny.decide.plan import Parts
from undeny.decide.rules import Check

NEEDS = ("s3:",)
FACTS_ONLY = True
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"
PUBLIC = "public ACL"
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_ON_BUCKET = {
    "READ": {"listbucket", "listbucketversions", "listbucketmultipartuploads"},
    "WRITE": {"putobject"},
    "READ_ACP": {"getbucketacl"},
    "WRITE_ACP": {"putbucketacl"},
}
_ON_OBJECT = {
    "READ": {"getobject", "getobjectversion", "getobjecttorrent"},
    "READ_ACP": {"getobjectacl", "getobjectversionacl"},
    "WRITE_ACP": {"putobjectacl", "putobjectversionacl"},
}


def adapt(call: Call, parts: Parts) -> None:
    """Add what the ACLs of bucket and object grant."""
    bucket = call.bucket
    if bucket is None:
        return
    counts = _counts(ownership(call, bucket))
    lists = [(bucket, _ON_BUCKET)] + ([(call.resource, _ON_OBJECT)] if call.resource != bucket else [])
    parts.resource_applies = parts.resource_applies or any(call.listed(thing, "Grants") for thing, _ in lists)
    if counts is False:
        return
    for thing, table in lists:
        for grant in call.listed(thing, "Grants"):
            if _opens(call, grant, table):
                _add(call, parts, grant, counts)


def ownership(call: Call, bucket: str | None) -> str | None:
    """Give a bucket's object ownership, as `GetBucketOwnershipControls` writes it or its value alone; `None` where not known."""
    found = call.setting(bucket, "ObjectOwnership")
    controls = call.setting(bucket, "OwnershipControls")
    rules = controls.get("Rules") if isinstance(controls, Mapping) else None
    if found is None and isinstance(rules, list) and rules and isinstance(rules[0], Mapping):
        found = rules[0].get("ObjectOwnership")
    return found if isinstance(found, str) else None


def _counts(found: str | None) -> bool | None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html: ACLs are off where the bucket owner owns all."""
    return None if found is None else found != "BucketOwnerEnforced"


def _opens(call: Call, grant: Mapping[str, Any], table: Mapping[str, set[str]]) -> bool:
    permission = grant.get("Permission")
    if permission == "FULL_CONTROL":
        return any(call.name in actions for actions in table.values())
    return call.name in table.get(str(permission), set())


def _add(call: Call, parts: Parts, grant: Mapping[str, Any], counts: bool | None) -> None:  # noqa: FBT001 - one of three answers
    grantee = grant.get("Grantee")
    if not isinstance(grantee, Mapping):
        return
    uri = grantee.get("URI")
    if uri == _ALL_USERS or (uri == _AUTHENTICATED and call.has_identity):
        parts.own.add("everyone", Check(certain=counts, what=PUBLIC))
    elif "ID" in grantee and call.has_identity:
        named = _is_account(call, grantee["ID"])
        if named is not False:
            parts.own.add("account", Check(certain=True if counts and named else None, what="ACL"))


def _is_account(call: Call, identifier: Any) -> bool | None:
    """Whether a canonical user id is that of the caller's account; the bucket's owner is the bucket's account."""
    known = canonical_id(call)
    if known is not None:
        return bool(known == identifier)
    owner = call.setting(call.bucket, "Owner")
    if isinstance(owner, Mapping) and owner.get("ID") == identifier and call.same_account is False:
        return False
    return None
