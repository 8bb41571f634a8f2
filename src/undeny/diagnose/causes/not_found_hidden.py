"""The thing does not exist, and the service answers 403."""

from undeny import decide
from undeny.calls.model import Request
from undeny.diagnose import facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.iam.arn import Arn

INFO = CauseInfo(
    code="not-found-hidden",
    bucket="call",
    title="the thing does not exist, and the service answers 403",
    text="""Some services do not tell a stranger what is missing. S3 answers 403 for a key that does not exist unless the caller may
list the bucket (s3:ListBucket on the bucket's own ARN); Lake Formation answers AccessDenied for a table that is not there; KMS does not
tell a missing key from a denied one.

Signs: 403 on GetObject or HeadObject of a key that may not be there, by somebody with s3:GetObject.

Mends it: the right name. s3:ListBucket on the bucket turns the 403 into a 404.

Does not: more s3:GetObject.""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax",
    example="fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden",
    related=("identity-missing-allow", "wrong-resource-arn", "lake-formation"),
)
SIGNS = (
    Sign(
        says="{on} does not exist, the text says",
        errors=(
            "nosuchbucket", "nosuchkey", "nosuchentity", "resourcenotfoundexception", "notfoundexception", "entitynotfoundexception",
            "nosuchentityexception", "repositorynotfoundexception", "parameternotfound", "resourcenotfound", "dbinstancenotfound",
        ),
        never=("access denied", "accessdenied", "not authorized"),
        weight=weights.WORDING + 3,
    ),
    Sign(
        says="{on} does not exist, the text says",
        words=(".notfound", "the specified bucket does not exist", "the specified key does not exist", "cannot be found", "not found"),
        never=("access denied", "accessdenied", "not authorized", "credential", "profile", "forbidden"),
        weight=weights.WORDING + 1,
    ),
    Sign(
        says="{on} may not exist: without s3:ListBucket S3 answers 403 for a missing key",
        words=("access denied", "accessdenied", "forbidden", "403"),
        operations=("getobject", "headobject", "getobjectattributes", "copyobject"),
        never=("is not authorized to perform",),
        weight=weights.USUAL - 0.05,
    ),
    Sign(
        says="the key is most likely not there: for a read of one object S3 names s3:ListBucket only where it finds none",
        words=("not authorized to perform: s3:listbucket",),
        operations=("getobject", "headobject", "getobjectattributes", "copyobject"),
        weight=weights.USUAL + 1.0,
    ),
    Sign(
        says="the key may not exist, or not in this Region: KMS does not say which",
        words=("refers to a customer master key",),
        weight=weights.WORDING + 2,
    ),
    Sign(
        says="the training data may not be there: a missing s3:ListBucket reads the same",
        words=("no s3 objects found under s3 url",),
        weight=weights.WORDING + 3,
    ),
)  # fmt: skip
READING = ("s3:getobject", "s3:getobjectversion", "s3:getobjecttagging", "s3:getobjectacl", "s3:getobjectattributes")


def look(case: Case) -> tuple[Cause, ...]:
    """By what is known not to exist, by an object read without the right to list, else by the wording."""
    found = [cause for cause in (_missing(case), _unlisted(case), _unseen(case)) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _missing(case: Case) -> Cause | None:
    for index, request in enumerate(case.requests):
        thing = case.evidence.resources.get(request.resource)
        if thing is None or thing.exists is not False or not request.certain or not _nothing_else(case, index):
            continue
        return Cause(
            code=INFO.code,
            certainty="likely",
            summary=f"{say.thing(request.resource)} does not exist, and whoever may not list gets a denial for it",
            request=index,
            weight=weights.FACT + 6.5 if facts.passes(case) else weights.BLOCKED + 8.0,
        )
    return None


def _nothing_else(case: Case, index: int) -> bool:
    """Tell whether policies allow it, or only the policy of the very thing that is not there is missing."""
    if facts.passes(case):
        return True
    return index < len(case.verdicts) and index == facts.focus(case) and set(case.verdicts[index].blocked_by) == {"resource"}


def _unlisted(case: Case) -> Cause | None:
    """Everything allows the read, and nothing lets the caller list the bucket: a missing key would look just like this."""
    request = facts.main(case)
    if request is None or request.action.lower() not in READING or not facts.passes(case) or case.verdicts[0].decision != "allowed":
        return None
    thing = case.evidence.resources.get(request.resource)
    if thing is not None and (thing.exists or thing.settings):
        return None
    bucket = facts.bucket_arn(request.resource)
    listing = Request(
        principal=request.principal, action="s3:ListBucket", resource=bucket or "*", resource_account=request.resource_account
    )
    if bucket is None or decide.decide(listing, case.evidence, main=request).decision not in facts.DENIED:
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"{say.who(request.principal)} may read {say.thing(request.resource)} but not list the bucket: S3 hides a missing key",
        request=0,
        weight=weights.FACT + 2.0,
        because=(
            "because every policy that was read allows the call",
            "and without s3:ListBucket on the bucket S3 answers 403, not 404, for a key that does not exist",
            "so the key is most likely not there",
        ),
    )


def _unseen(case: Case) -> Cause | None:
    """Look for a Glue table that its database's listing does not have."""
    request = facts.main(case)
    if request is None or not request.action.lower().startswith("glue:") or not facts.passes(case):
        return None
    wanted = Arn.parse(request.resource)
    if wanted is None or wanted.resource_type != "table":
        return None
    database, _, table = wanted.resource_id.partition("/")
    for arn, thing in case.evidence.resources.items():
        listed = thing.settings.get("TableList")
        if arn.endswith(f":database/{database}") and listed and not any(one.get("Name") == table for one in listed):
            return Cause(
                code=INFO.code,
                certainty="likely",
                summary=f"there is no table `{table}` in `{database}`; Lake Formation answers a denial for it to who may not create tables",
                request=0,
                weight=weights.FACT + 6.5,
            )
    return None
