"""The doors to AWS's own record of a denial; what compares and takes it is loaded only where a record was read."""

from collections.abc import Sequence

from undeny import evidence as evidence_room
from undeny.calls.model import Request
from undeny.decide.model import Compared, Verdict
from undeny.denial.model import Denial
from undeny.evidence.model import Evidence


def taken(seen: Denial, requests: Sequence[Request], known: Evidence) -> Evidence:
    """Take the policies as they were at the denial, where AWS's record holds them."""
    if seen.record is None or not requests or not any("policyDocument" in one for one in seen.record.get("policies") or ()):
        return known
    from undeny.decide import checks_of_aws  # noqa: PLC0415 - only where AWS's record was read

    return checks_of_aws.take(known, evidence_room.complete(requests[0], known), seen.record)


def compared(seen: Denial, requests: Sequence[Request], verdicts: Sequence[Verdict]) -> tuple[tuple[Compared, ...], tuple[str, ...]]:
    """Compare AWS's own checks with the verdict; give where they differ in words too."""
    if seen.record is None or not verdicts:
        return (), ()
    from undeny.decide import checks_of_aws  # noqa: PLC0415 - only where AWS's record was read

    found = checks_of_aws.compare(seen.record, requests[0], verdicts[0])
    return found, checks_of_aws.differences(found)
