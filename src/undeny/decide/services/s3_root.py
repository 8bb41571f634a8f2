"""The bucket owner's root user can always reach the bucket policy, though it denies everyone."""

from undeny.decide.call import Call
from undeny.decide.plan import Parts

NEEDS = ("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html"


def adapt(call: Call, parts: Parts) -> None:
    """Take the bucket policy's denies away; endpoint and organisation policies still hold."""
    if call.principal.kind != "root" or not call.same_account or not call.does(*NEEDS):
        return
    why = "the bucket owner's root user is not kept from the bucket policy by it"
    for check in parts.own.denies:
        parts.switch_off(check, why)
    parts.own.denies = []
    parts.notes.append(why)
