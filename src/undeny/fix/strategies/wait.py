"""Wait and repeat the same call: the change is there and not yet seen everywhere."""

from undeny.diagnose.model import Case, Cause
from undeny.fix.model import Fix

CODES = ("propagation", "service-event")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose no change at all."""
    del case, cause
    title = "wait and repeat the same call, growing the pause up to two minutes: `undeny run --retry 120 -- COMMAND`; change no policy"
    return (Fix(id="", title=title, layer="none", applicability="machine_applicable"),)
