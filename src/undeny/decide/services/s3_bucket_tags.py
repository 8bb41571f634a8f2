"""A bucket's tags count as `aws:ResourceTag` only where attribute-based access control is switched on for it."""

from collections.abc import Mapping

from undeny.decide.call import Call
from undeny.decide.plan import Parts

NEEDS = ("s3:",)
FACTS_ONLY = True
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html"


def adapt(call: Call, parts: Parts) -> None:
    """Take the tags away where the bucket is known to have it switched off."""
    if call.bucket is None or call.resource != call.bucket:
        return
    found = call.setting(call.bucket, "AbacStatus")
    status = found.get("Status") if isinstance(found, Mapping) else found
    if status == "Disabled":
        parts.ignored = ("aws:resourcetag/",)
        parts.notes.append("bucket tags do not count: attribute-based access control is off for the bucket")
