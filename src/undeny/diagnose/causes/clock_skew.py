"""The machine's clock is off."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("skew", "clock", "signature", "current time", "requestexpired", "inthefuture", "timestamp", "not yet valid")
INFO = CauseInfo(
    code="clock-skew",
    bucket="credentials",
    title="the machine's clock is off",
    text="""A signature carries the time, and AWS takes it for 15 minutes (5 for some services). The clock of the machine, container or
virtual machine is further off than that.

Signs: RequestTimeTooSkewed; "Signature expired: ... is now earlier than ..."; "Signature not yet current"; SignatureDoesNotMatch on one
machine only.

Mends it: setting the clock (NTP, chrony; restarting a suspended virtual machine).

Does not: new keys, a policy.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html",
    example="An error occurred (RequestTimeTooSkewed) when calling the ListObjectsV2 operation: The difference between the request time "
    "and the current time is too large.",
    related=("signature-mismatch", "expired-token"),
)
SIGNS = (
    Sign(
        says="the clock of the caller is too far off",
        errors=("requesttimetooskewed", "requestinthefuture"),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="the clock of the caller is too far off: the signature's time does not fit AWS's",
        words=(
            "signature expired",
            "signature not yet current",
            "request time and the current time",
            "clock skew",
            "clockskew",
            "timestamp check failed",
        ),
        weight=weights.BEFORE_POLICY + 3,
        certainty="stated",
    ),
    Sign(
        says="a certificate or token is not valid yet by this machine's clock, which may be off",
        words=("not yet valid",),
        weight=weights.BEFORE_POLICY + 1,
    ),
    Sign(
        says="the request came too late: the clock may be wrong, or the credentials expired",
        errors=("requestexpired",),
        weight=weights.BEFORE_POLICY,
    ),
    Sign(
        says="a clock that is off shows as a wrong signature too",
        words=("signaturedoesnotmatch",),
        weight=weights.WORDING,
    ),
)


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
