"""Leave the locked version, or end its retention where its mode lets anybody."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import Fix

CODES = ("object-lock",)
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose a call that the lock allows; in governance mode the bypass is its owner's decision."""
    del case, cause
    how = (
        "write a new version, or delete without a version id (a delete marker): both pass; the locked version itself goes after its date. "
        "In governance mode only, and if its owner agrees: `--bypass-governance-retention` with s3:BypassGovernanceRetention"
    )
    return (proposals.call(how, "leave the locked version alone"),)
