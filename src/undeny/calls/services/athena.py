"""Athena: the place where results go, which Athena reaches with the caller's permissions."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, behind
from undeny.calls.model import ContextValue, Request

SOURCE = "https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html"
VIA: dict[str, ContextValue] = {
    "aws:CalledVia": ("athena.amazonaws.com",),
    "aws:CalledViaFirst": "athena.amazonaws.com",
    "aws:CalledViaLast": "athena.amazonaws.com",
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the requests on the bucket of the results, as the call or its workgroup names it."""
    if call.request.action != "athena:StartQueryExecution":
        return
    place = call.fact("resultConfiguration.outputLocation") or call.fact("Configuration.ResultConfiguration.OutputLocation")
    if not isinstance(place, str) or not place.startswith("s3://"):
        return
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    start = f"arn:{call.place.partition}:s3:::{bucket}"
    reason = Reason("Athena writes the results with your permissions", SOURCE)
    yield behind(call, "s3:GetBucketLocation", start, reason, VIA)
    yield behind(call, "s3:PutObject", f"{start}/{prefix.rstrip('/') + '/' if prefix else ''}*", reason, VIA)
