"""Athena: the place where results go, which Athena reaches with the caller's permissions."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, behind
from undeny.calls.model import ContextValue, Request

SOURCE = "https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html"
GLUE = "https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html"
FORMATION = "https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html"
READS = ("GetDatabase", "GetTable", "GetPartitions")
VIA: dict[str, ContextValue] = {
    "aws:CalledVia": ("athena.amazonaws.com",),
    "aws:CalledViaFirst": "athena.amazonaws.com",
    "aws:CalledViaLast": "athena.amazonaws.com",
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the requests on the bucket of the results, as the call or its workgroup names it, and on the Glue catalogue."""
    if call.request.action != "athena:StartQueryExecution":
        return
    yield from catalogue(call)
    place = call.fact("resultConfiguration.outputLocation") or call.fact("Configuration.ResultConfiguration.OutputLocation")
    if not isinstance(place, str) or not place.startswith("s3://"):
        return
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    start = f"arn:{call.place.partition}:s3:::{bucket}"
    reason = Reason("Athena writes the results with your permissions", SOURCE)
    yield behind(call, "s3:GetBucketLocation", start, reason, VIA)
    yield behind(call, "s3:PutObject", f"{start}/{prefix.rstrip('/') + '/' if prefix else ''}*", reason, VIA)


def catalogue(call: Call) -> Iterator[Request]:
    """Give the reads of the Glue catalogue, the database that the call names and its tables; and Lake Formation's word on them."""
    database = call.fact("queryExecutionContext.database")
    if not isinstance(database, str) or str(call.fact("queryExecutionContext.catalog") or "AwsDataCatalog").lower() != "awsdatacatalog":
        return
    reason = Reason("Athena reads the database's tables with your permissions", GLUE)
    yield behind(call, "glue:GetDatabase", call.arn("glue", f"database/{database}"), reason, VIA)
    for name in READS[1:]:
        yield behind(call, f"glue:{name}", call.arn("glue", f"table/{database}/*"), reason, VIA)
    governed = Reason("Lake Formation hands out the data, where it governs the table", FORMATION, certain=False)
    yield behind(call, "lakeformation:GetDataAccess", "*", governed, VIA)
