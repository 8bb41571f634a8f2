"""Make another call: AWS refuses this one whatever the policies say."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import Fix

CODES = ("call-not-supported", "capacity", "service-fault")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html"
HOW = {
    "call-not-supported": (
        "make the call with the kind of credentials or parameters that this operation takes: a role or user instead of the root user, "
        "long-term keys or the session itself instead of a session of a session"
    ),
    "capacity": "ask for another Availability Zone, type or time",
    "service-fault": "repeat with growing pauses; if it stays, open a case with the request id",
}


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose how to call instead."""
    del case
    how = HOW[cause.code]
    return (proposals.call(how, how.partition(":")[0].partition(";")[0]),)
