"""AWS has none left there now."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("capacity", "insufficient", "unfulfillable", "sufficient", "were unavailable")
INFO = CauseInfo(
    code="capacity",
    bucket="service",
    title="AWS has no capacity there now",
    text="""AWS has no machine of that type free in that zone at the moment. No quota and no policy is at fault.

Signs: InsufficientInstanceCapacity, InsufficientHostCapacity, InsufficientDBInstanceCapacity, "Capacity is unavailable at this time".

Mends it: another Availability Zone, another instance type, another time, a capacity reservation.

Does not: a quota request; any policy.""",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html#troubleshooting-launch-capacity",
    example="An error occurred (InsufficientInstanceCapacity) when calling the RunInstances operation (reached max retries: 4): We "
    "currently do not have sufficient m5.large capacity in the Availability Zone you requested",
    related=("quota-count", "service-fault"),
)
SIGNS = (
    Sign(
        says="AWS has no capacity of that kind there now: another zone, type or time",
        errors=(
            "insufficientinstancecapacity", "insufficienthostcapacity", "insufficientreservedinstancecapacity", "insufficientcapacity",
            "insufficientdbinstancecapacity", "insufficientdbclustercapacityfault", "insufficientcacheclustercapacity",
            "insufficientclustercapacity", "insufficientcapacityexception", "unfulfillablecapacity", "insufficientcapacityonhost",
            "insufficientstorageclustercapacity", "insufficientaddresscapacity", "insufficientvolumecapacity",
            "insufficientdbinstancecapacityfault", "capacitynotavailable", "outofcapacity", "capacity-oversubscribed",
            "capacity-not-available",
        ),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="AWS has no capacity of that kind there now: another zone, type or time",
        words=(
            "capacity is unavailable", "do not have sufficient", "no capacity available", "insufficient capacity", "no spot capacity",
            "not enough capacity", "there is no spot capacity", "lack of capacity", "capacity not available", "capacity is not available",
            "unused capacity available", "spare capacity", "requested instance types were unavailable", "capacity is insufficient",
        ),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
