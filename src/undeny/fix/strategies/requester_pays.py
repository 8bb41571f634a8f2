"""Send the header by which the caller agrees to pay."""

from undeny.diagnose.model import Case, Cause
from undeny.fix.model import CallEdit, Fix

CODES = ("requester-pays",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ObjectsinRequesterPaysBuckets.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the call with `x-amz-request-payer: requester`."""
    del case, cause
    how = (
        "send `RequestPayer='requester'` (`--request-payer requester`, header x-amz-request-payer): your account then pays for the request"
    )
    call = CallEdit(how=how, context={"s3:x-amz-request-payer": "requester"})
    return (
        Fix(
            id="",
            title="say that the requester pays",
            layer="call",
            applicability="maybe_incorrect",
            changes=(call,),
            risks=("the caller's account is charged for the request and the transfer",),
        ),
    )
