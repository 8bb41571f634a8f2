"""Leave public access off where it is not meant; switch off the one setting that stands in the way where it is."""

from collections.abc import Mapping
from typing import Any

from undeny import evidence as evidence_room
from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals, requests
from undeny.fix.model import CallEdit, Fix, SettingEdit

CODES = ("block-public-access",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
CONFIGURATION = "PublicAccessBlockConfiguration"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the call without its public ACL; for a public bucket policy the one setting, which its owner decides."""
    request = case.requests[0] if case.requests else None
    if request is None:
        return (
            proposals.call(
                "leave the public ACL or policy out: serve through CloudFront with origin access control", "do not make it public"
            ),
        )
    acl = requests.text(request, "s3:x-amz-acl")
    if acl is not None:
        how = f"leave the ACL {acl} out (ACL=private, publicRead=false): Block Public Access refuses public ACLs, whatever the permissions"
        call = CallEdit(how=how, context={"s3:x-amz-acl": None})
        return (Fix(id="", title="upload without the public ACL", layer="call", applicability="machine_applicable", changes=(call,)),)
    bucket = evidence_room.holder_of_policy("s3:GetBucketPolicy", request.resource) or request.resource
    writes = request.action.lower() in ("s3:putbucketpolicy", "s3:putbucketacl", "s3:putobjectacl")
    if not writes and (cause.certainty != "proven" or CONFIGURATION not in _settings(case, bucket)):
        return (_not_public(),)
    setting = _setting(case, bucket, request.action)
    return (setting,) if writes else (_not_public(), setting)


def _not_public() -> Fix:
    how = "serve what is meant for everyone through CloudFront with origin access control; otherwise call with credentials that may"
    return proposals.call(how, "do not rely on public access")


def _settings(case: Case, bucket: str) -> Mapping[str, Any]:
    thing = case.evidence.resources.get(bucket)
    return thing.settings if thing else {}


def _setting(case: Case, bucket: str, action: str) -> Fix:
    before: Mapping[str, Any] | None = _settings(case, bucket).get(CONFIGURATION)
    writes = action.lower() == "s3:putbucketpolicy"
    named = "BlockPublicPolicy" if writes else "RestrictPublicBuckets"
    edit = SettingEdit(
        target=bucket,
        operation="s3:PutPublicAccessBlock",
        before={CONFIGURATION: dict(before)} if before else None,
        after={CONFIGURATION: {**(before or {}), named: False}},
    )
    return Fix(
        id="",
        title=f"switch {named} off on {requests.short(bucket)}, if it is meant to be public",
        layer="setting",
        applicability="maybe_incorrect",
        changes=(edit,),
        risks=("the bucket can then be opened to everyone: a guard of its owner, and of the account where that has its own",),
    )
