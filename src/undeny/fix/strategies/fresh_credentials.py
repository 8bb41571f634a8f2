"""Get credentials that are good: log in again, name the profile that was meant, take the secret key anew."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import proposals
from undeny.fix.model import Fix

CODES = ("expired-token", "invalid-token", "no-credentials", "wrong-principal", "signature-mismatch")
SOURCE = "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html"
HOW = {
    "expired-token": (
        "get new credentials and repeat: `aws sso login`, or assume the role again; let the SDK refresh them (a role, "
        "`credential_process`) instead of copying keys; a chained role session lasts one hour at most"
    ),
    "invalid-token": (
        "get new credentials and repeat: `aws sso login`, or assume the role again, and unset a stale AWS_SESSION_TOKEN; in a Region that "
        "is off by default take the token from a Regional STS endpoint (`AWS_STS_REGIONAL_ENDPOINTS=regional`)"
    ),
    "no-credentials": "give the call credentials: `--profile NAME`, `aws sso login`, or the role of the instance, task or function",
    "wrong-principal": (
        "call as who you meant: `aws sts get-caller-identity` shows who it is now; then `--profile NAME` or the role "
        "that should make this call"
    ),
    "signature-mismatch": (
        "take the secret key anew, without blanks around it: then check that nothing on the way changes headers or host, and the clock"
    ),
}


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the call with other credentials."""
    del case
    how = HOW[cause.code]
    return (proposals.call(how, how.partition(":")[0]),)
