"""The session is over."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("expire", "reauthenticate", "refresh", "sso", "session token", "token is", "included in the request", "invalidgrant")
INFO = CauseInfo(
    code="expired-token",
    bucket="credentials",
    title="the session has expired",
    text="""Temporary credentials end: an Identity Center login, an assumed role (15 minutes to 12 hours, one hour when one role
assumes another), an ECR login (12 hours). Whoever copied them once as static keys holds dead ones.

Signs: ExpiredToken, ExpiredTokenException, RequestExpired, "The SSO session ... has expired", "Your authorization token has expired".

Mends it: new credentials (aws sso login, aws sts assume-role, docker login), and letting the SDK refresh them instead of copying.

Does not: any policy. A very old token reads as invalid, not as expired.""",
    source="https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html",
    example="An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.",
    related=("invalid-token", "clock-skew"),
)
SIGNS = (
    Sign(
        says="the credentials have expired: get new ones",
        errors=(
            "expiredtoken", "expiredtokenexception", "expiredidentitytoken", "expiredcredentials", "tokenrefreshrequired",
            "unauthorizedssotokenerror", "ssotokenloaderror", "expirediamtoken",
        ),
        never=("signature expired",),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
    ),
    Sign(
        says="the session has expired: log in again",
        words=(
            "token has expired", "session has expired", "has expired or is otherwise invalid", "credentials have expired",
            "token is expired", "session expired", "credentials expired", "expired token", "token expired", "reauthenticate",
            "expired credentials", "credentials were refreshed, but the refreshed credentials are still expired",
            "token included in the request is expired", "token has expired and refresh failed",
        ),
        never=("signature expired",),
        weight=weights.BEFORE_POLICY + 1,
        certainty="stated",
    ),
    Sign(
        says="the Identity Center login has expired and could not be renewed: log in again",
        words=("unable to refresh sso token", "cached sso token failed", "retrieving token from sso", "refresh sso"),
        weight=weights.BEFORE_POLICY + 4,
        certainty="stated",
    ),
    Sign(
        says="the Identity Center login is missing or has expired: log in (aws sso login)",
        words=("aws sso login", "unable to load sso token", "sso token is not", "no valid sso", "loading sso token"),
        weight=weights.BEFORE_POLICY + 0.5,
    ),
    Sign(
        says="the Identity Center login has expired and could not be renewed: log in again",
        errors=("invalidgrantexception",),
        weight=weights.BEFORE_POLICY + 2,
    ),
    Sign(
        says="the login has expired or is not valid any more: log in again",
        words=("session token not found or invalid",),
        weight=weights.BEFORE_POLICY + 1,
    ),
    Sign(
        says="the signed URL ran out, or the credentials that signed it did",
        words=("request has expired",),
        weight=weights.BEFORE_POLICY + 1,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html",
    ),
    Sign(
        says="the request came too late: its credentials expired, or the clock is wrong",
        errors=("requestexpired",),
        weight=weights.BEFORE_POLICY + 0.5,
    ),
    Sign(
        says="very old tokens are called invalid, not expired",
        words=("security token included in the request is invalid", "token is invalid"),
        weight=weights.BEFORE_POLICY - 2,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
