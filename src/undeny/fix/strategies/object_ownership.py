"""Let the bucket's owner have the object: send the ACL that gives it over, or switch ACLs off on the bucket."""

from undeny import evidence as evidence_room
from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals, requests
from undeny.fix.model import CallEdit, Fix, SettingEdit

CODES = ("object-ownership",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the upload with `bucket-owner-full-control`, then the bucket's setting for all that come later."""
    del cause
    request = case.requests[0] if case.requests else None
    if request is None:
        return (proposals.call("upload with the ACL bucket-owner-full-control", "give the object to the bucket's owner"),)
    bucket = evidence_room.holder_of_policy("s3:GetBucketPolicy", request.resource) or request.resource
    if requests.caller(request).kind == "anonymous":
        return (_public_again(case, request.resource),)
    if requests.text(request, "s3:x-amz-acl"):
        how = "leave the ACL out: ACLs are switched off on this bucket, and its owner owns every object"
        return (_call(how, {"s3:x-amz-acl": None}), _setting(case, bucket, "BucketOwnerPreferred"))
    how = (
        "have the uploading account put the object anew with `--acl bucket-owner-full-control` "
        "(`ACL='bucket-owner-full-control'`), or copy it over itself with that ACL: its owner alone can"
    )
    return (_call(how, {}), _setting(case, bucket, "BucketOwnerEnforced"))


def _call(how: str, context: dict[str, None]) -> Fix:
    return Fix(
        id="",
        title=how.partition(":")[0].partition("(")[0].strip(),
        layer="call",
        applicability="machine_applicable" if context else "maybe_incorrect",
        changes=(CallEdit(how=how, context=context),),
    )


def _setting(case: Case, bucket: str, value: str) -> Fix:
    thing = case.evidence.resources.get(bucket)
    was = thing.settings.get("ObjectOwnership") if thing else None
    edit = SettingEdit(
        target=bucket,
        operation="s3:PutBucketOwnershipControls",
        before={"OwnershipControls": {"Rules": [{"ObjectOwnership": was}]}} if was else None,
        after={"OwnershipControls": {"Rules": [{"ObjectOwnership": value}]}},
    )
    return Fix(
        id="",
        title=f"set object ownership of {requests.short(bucket)} to {value}",
        layer="setting",
        applicability="maybe_incorrect",
        changes=(edit,),
        risks=("ACLs on the bucket and its objects then count no more" if value == "BucketOwnerEnforced" else "ACLs then count again",),
    )


def _public_again(case: Case, arn: str) -> Fix:
    """Give the object, put anew without it, the grant that made it readable to all."""
    thing = case.evidence.resources.get(arn)
    held = list(thing.settings.get("Grants") or ()) if thing else []
    everyone = {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}
    edit = SettingEdit(
        target=arn, operation="s3:PutObjectAcl", before={"Grants": held} if thing else None, after={"Grants": [*held, everyone]}
    )
    return Fix(
        id="",
        title="give the object the ACL public-read again, if it is meant for everyone",
        layer="setting",
        applicability="maybe_incorrect",
        changes=(edit,),
        risks=("everyone can then read the object without credentials; a bucket policy for this one prefix is easier to keep",),
    )
