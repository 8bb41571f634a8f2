"""The signature is wrong."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("signature", "authorization", "credential should be scoped", "key=value")
INFO = CauseInfo(
    code="signature-mismatch",
    bucket="credentials",
    title="the signature does not match",
    text="""AWS computes the signature again and gets another: the secret key is wrong or cut, the request was changed on its way (a
proxy, a header, a signed URL with other parameters), it was signed for another Region or service, or the clock is off.

Signs: SignatureDoesNotMatch, InvalidSignatureException, IncompleteSignature, AuthorizationHeaderMalformed.

Mends it: the secret key again, without spaces or line ends; the SDK instead of own signing; the right Region; the clock.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html",
    example="An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated "
    "does not match the signature you provided.",
    related=("clock-skew", "invalid-token"),
)
SIGNS = (
    Sign(
        says="the signature does not match: a wrong secret key, or the request was changed after it was signed",
        errors=(
            "signaturedoesnotmatch", "invalidsignatureexception", "invalidsignature", "incompletesignature",
            "incompletesignatureexception", "authorizationheadermalformed", "authorizationqueryparameterserror",
        ),
        weight=weights.BEFORE_POLICY + 1,
        certainty="stated",
    ),
    Sign(
        says="the signature does not match: a wrong secret key, Region, or a changed request",
        words=(
            "signature we calculated does not match", "credential should be scoped to a valid region", "signature does not match",
            "not a valid key=value pair",
        ),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
