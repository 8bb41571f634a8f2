"""Set the clock of the machine that signs: the call itself is right."""

from undeny.diagnose.model import Case, Cause
from undeny.fix.model import Fix

CODES = ("clock-skew",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose no change to AWS: the machine's time is what is wrong."""
    del case, cause
    title = "set this machine's clock (`timedatectl set-ntp true`, chrony, w32tm /resync), then repeat the call; change no key or policy"
    return (Fix(id="", title=title, layer="none", applicability="machine_applicable"),)
