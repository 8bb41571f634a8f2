"""The bucket makes the requester pay, and the call does not agree to."""

from undeny.diagnose import facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="requester-pays",
    bucket="permission",
    title="a Requester Pays bucket, and the call does not say that it pays",
    text="""Whoever reads a Requester Pays bucket of another account has to say that they pay: the header x-amz-request-payer:
requester. Without it S3 answers 403 AccessDenied, like any denial. Anonymous callers cannot pay at all.

Signs: a public data set that answers 403 although s3:GetObject or s3:ListBucket is allowed; it works with --request-payer.

Mends it: --request-payer requester (RequestPayer="requester" in the SDKs), on every call: list, head and get.

Does not: more permissions.""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html",
    example="An error occurred (AccessDenied) when calling the ListObjects operation: Access Denied",
    related=("identity-missing-allow", "resource-missing-allow"),
)
SIGNS = (
    Sign(
        says="the bucket makes the requester pay: the call has to send x-amz-request-payer: requester",
        words=("requester pays", "request-payer", "requestpayer", "requester-pays", "requesterpays"),
        weight=weights.WORDING + 5,
    ),
)


def look(case: Case) -> tuple[Cause, ...]:
    """By the bucket's Payer and the call's header, else by the wording."""
    found = [cause for cause in (_unpaid(case),) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _unpaid(case: Case) -> Cause | None:
    request = facts.main(case)
    bucket = facts.bucket_arn(request.resource) if request else None
    if request is None or bucket is None or str(facts.settings(case, bucket).get("Payer")).lower() != "requester" or _agrees(case):
        return None
    if request.resource_account is not None and facts.caller_account(request) == request.resource_account:
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"{say.thing(bucket)} makes the requester pay, and this call did not send x-amz-request-payer",
        key="x-amz-request-payer",
        wanted=("requester",),
        request=0,
        weight=weights.FACT + 6.0,
    )


def _agrees(case: Case) -> bool:
    request = case.requests[0]
    told = [*request.parameters.items(), *request.context.items(), *(case.denial.parameters or {}).items()]
    names = ("x-amz-request-payer", "requestpayer", "s3:x-amz-request-payer")
    return any(name.lower() in names and str(value).lower() == "requester" for name, value in told)
