"""AWS does not know the key or token."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = (
    "token",
    "openidconnect",
    "invalidaccesskeyid",
    "unrecognizedclient",
    "authfailure",
    "access key",
    "invalidsec",
    "invalidgrant",
    "access cred",
    "multifactor",
)
INFO = CauseInfo(
    code="invalid-token",
    bucket="credentials",
    title="AWS does not know the key or token",
    text="""The access key or session token is not one that AWS knows here: deleted or inactive, of another partition, mistyped, a
session token that was left out, or a token of the global STS endpoint (version 1) in a Region that has to be switched on.

Signs: InvalidClientTokenId, UnrecognizedClientException, InvalidAccessKeyId, AuthFailure "was not able to validate the provided access
credentials".

Mends it: fresh credentials, all three parts of them; for opt-in Regions the regional STS endpoint; the Region switched on in the
account.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html",
    example="An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the "
    "request is invalid.",
    related=("expired-token", "account-restriction", "signature-mismatch"),
)
SIGNS = (
    Sign(
        says="AWS does not know these credentials: the key or token is not valid",
        errors=(
            "invalidclienttokenid", "unrecognizedclientexception", "unrecognizedclient", "invalidaccesskeyid", "invalidtoken",
            "invalidtokenid", "invalididentitytoken", "invalididentitytokenexception", "invalidsecurity", "invalidsecuritytoken",
        ),
        never=("no openidconnect provider",),
        weight=weights.BEFORE_POLICY + 1,
        certainty="stated",
    ),
    Sign(
        says="the account has no identity provider for the issuer of this token, so AWS does not know it",
        words=("no openidconnect provider found",),
        weight=weights.BEFORE_POLICY + 1,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
    ),
    Sign(
        says="the one-time code of the MFA device was not taken",
        words=("multifactorauthentication failed",),
        weight=weights.BEFORE_POLICY,
    ),
    Sign(
        says="AWS does not know these credentials: the key or token is not valid",
        words=(
            "security token included in the request is invalid", "provided token is malformed",
            "access key id you provided does not exist", "access key id does not exist", "token is not valid",
            "security token is invalid", "token is malformed", "session token not found or invalid",
        ),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
    ),
    Sign(
        says="AWS could not validate these credentials: not valid, or not valid in this Region",
        words=("not able to validate the provided access credentials",),
        weight=weights.BEFORE_POLICY,
    ),
    Sign(
        says="AWS could not validate these credentials",
        errors=("authfailure",),
        weight=weights.BEFORE_POLICY - 1,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
