"""Let the caller see that an object is missing: with s3:ListBucket S3 answers 404 instead of 403."""

import msgspec

from undeny import evidence as evidence_room
from undeny.diagnose.model import Case, Cause
from undeny.fix import grants, mend, requests
from undeny.fix.model import Fix

CODES = ("not-found-hidden",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose s3:ListBucket on the bucket for a call on an object; none for another service."""
    request = mend.request_of(case, cause)
    if case.evidence.from_text or request is None or not request.action.lower().startswith("s3:"):
        return ()
    bucket = evidence_room.holder_of_policy("s3:GetBucketPolicy", request.resource)
    if bucket is None or bucket == request.resource:
        return ()
    asked = msgspec.structs.replace(request, action="s3:ListBucket", resource=bucket, context={}, role="dependent", parameters={})
    grant = grants.identity(case, asked)
    if grant is None:
        return ()
    fix = grants.as_fix(
        grant, f"allow s3:ListBucket on {requests.short(bucket)}, so that S3 says when an object does not exist", "identity"
    )
    assumes = (*fix.assumes, "the object is meant to be missing sometimes; otherwise put it there, or correct its name")
    return (msgspec.structs.replace(fix, assumes=assumes),)
