"""Make another call: AWS refuses this one whatever the policies say."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import Fix

CODES = ("call-not-supported", "entity-already-exists", "malformed-policy", "policy-size-limit", "throttled", "capacity", "service-fault")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html"
HOW = {
    "call-not-supported": (
        "make the call with the kind of credentials or parameters that this operation takes: a role or user instead of the root user, "
        "long-term keys or the session itself instead of a session of a session"
    ),
    "entity-already-exists": "use the one that is there (import it), or give the new one another name",
    "malformed-policy": "correct the document as the message says; a principal that does not exist any more must go from it",
    "policy-size-limit": (
        "put the statements into a second managed policy, or merge those with the same resources; never widen one to `*` to save room"
    ),
    "throttled": "repeat with growing pauses (`AWS_RETRY_MODE=adaptive`, `AWS_MAX_ATTEMPTS=10`) and call less at once",
    "capacity": "ask for another Availability Zone, type or time",
    "service-fault": "repeat with growing pauses; if it stays, open a case with the request id",
}


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose how to call instead."""
    del case
    how = HOW[cause.code]
    return (proposals.call(how, how.partition(":")[0].partition(";")[0]),)
