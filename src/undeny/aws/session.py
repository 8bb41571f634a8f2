"""A boto3 session as undeny uses one: its own user agent, bounded retries, documents left as text, failures told plainly."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import boto3
import msgspec
from botocore import exceptions as broken
from botocore.config import Config
from botocore.handlers import json_decode_policies

from undeny import __version__
from undeny.errors import UndenyError

Session: TypeAlias = Any
"""A `boto3.session.Session`: boto3 ships no types."""
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_INVALID = ("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthFailure")
_UNREACHABLE = (broken.EndpointConnectionError, broken.ConnectTimeoutError, broken.ReadTimeoutError, broken.HTTPClientError)
_LOGIN = (
    broken.TokenRetrievalError,
    broken.UnauthorizedSSOTokenError,
    broken.SSOTokenLoadError,
    broken.CredentialRetrievalError,
)
_NOT_READY = (
    (broken.NoCredentialsError, "no-credentials", "no AWS credentials were found", "give --profile NAME, or set AWS_PROFILE"),
    (broken.PartialCredentialsError, "no-credentials", "the AWS credentials are not complete", "give --profile NAME, or set AWS_PROFILE"),
    (_LOGIN, "expired-token", "the credentials could not be renewed", "aws sso login, then again"),
    (broken.NoRegionError, "no-region", "no Region is set", "give --region NAME, or set AWS_REGION"),
)


_CLIENTS: WeakKeyDictionary[Any, dict[tuple[str, str | None], Any]] = WeakKeyDictionary()
"""The clients of each session: making one takes longer than most calls, and the journal reads back several times."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose credentials these are, where boto3 found them (`method`), and until when (`None`: no end is known)."""

    arn: str
    account: str
    user_id: str
    method: str | None = None
    expires: datetime | None = None
    region: str | None = None
    profile: str | None = None


def open_session(profile: str | None = None, region: str | None = None) -> Session:
    """Open a session; `None` means what boto3 finds by itself. Raises `UndenyError` for a profile or credentials that are not there."""
    with told():
        session = made(profile, region)
        if session.get_credentials() is None:
            raise broken.NoCredentialsError
    return session


def made(profile: str | None, region: str | None) -> Session:
    """Make a session; where nothing else says a Region AWS_REGION does, which most SDKs read and boto3 does not.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
    """
    session = boto3.session.Session(profile_name=profile, region_name=region)
    told_ = os.environ.get("AWS_REGION")
    return session if session.region_name or not told_ else boto3.session.Session(profile_name=profile, region_name=told_)


def ambient() -> Session | None:
    """Give the session of this shell as it is: what any program here calls AWS with; `None` where it has no credentials."""
    try:
        session = made(None, None)
        return session if session.get_credentials() is not None else None
    except broken.BotoCoreError:
        return None


def default_session() -> Session:
    """Give boto3's default session, made where there is none yet."""
    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    return boto3.DEFAULT_SESSION


def client(session: Session, service: str, region: str | None = None) -> Any:
    """Make a client. IAM documents stay text: botocore's decoder is taken off this client, not off the caller's session.

    `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are honoured by botocore itself.
    """
    made = _CLIENTS.setdefault(session, {})
    if (service, region) not in made:
        made[service, region] = _client(session, service, region)
    return made[service, region]


def writer(session: Session, service: str, region: str | None = None) -> Any:
    """Make a client whose calls are never repeated by themselves: one that makes something would make it twice."""
    made = _CLIENTS.setdefault(session, {})
    if (f"{service} once", region) not in made:
        made[f"{service} once", region] = _client(session, service, region, attempts=1)
    return made[f"{service} once", region]


def _client(session: Session, service: str, region: str | None, *, attempts: int = 4) -> Any:
    config = Config(
        user_agent=f"undeny/{__version__}",
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=5,
        read_timeout=20,
    )
    with told():
        made = session.client(service, region_name=region or session.region_name or "us-east-1", config=config)
    made.meta.events.unregister("after-call.iam", json_decode_policies)
    return made


def identity(session: Session) -> Identity:
    """Ask AWS whose credentials these are; needs no permission.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    try:
        with told():
            answer = client(session, "sts").get_caller_identity()
            credentials = session.get_credentials()
    except broken.ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise UndenyError(f"AWS does not say whose credentials these are (`{code}`)", code="aws-failed", exit_status=3) from error
    return Identity(
        arn=answer["Arn"],
        account=answer["Account"],
        user_id=answer["UserId"],
        method=getattr(credentials, "method", None),
        expires=getattr(credentials, "_expiry_time", None),
        region=session.region_name,
        profile=session.profile_name if session.profile_name in session.available_profiles else None,
    )


@contextmanager
def told() -> Iterator[None]:
    """Turn what stops every further call (no credentials, an expired token, no way to AWS) into an error with exit status 3."""
    try:
        yield
    except (broken.BotoCoreError, broken.ClientError) as error:
        told_error = failure(error)
        if told_error is None:
            raise
        raise told_error from error


def failure(error: BaseException) -> UndenyError | None:
    """Give the error to tell for a failure that concerns the session as a whole; `None` for a refusal of the one call."""
    if isinstance(error, broken.ClientError):
        return _of_answer(error)
    if isinstance(error, broken.ProfileNotFound):
        return UndenyError(
            f"there is no profile `{_field(error, 'profile')}`",
            help=("aws configure list-profiles shows those that exist",),
            code="no-credentials",
            exit_status=2,
        )
    if isinstance(error, _UNREACHABLE):
        url = _field(error, "endpoint_url") or "the endpoint"
        return _broken("network-unreachable", f"no answer came from `{url}`", "check the Region, AWS_ENDPOINT_URL and the network")
    for kind, code, message, help_ in _NOT_READY:
        if isinstance(error, kind):
            return _broken(code, message, help_)
    return None


def _of_answer(error: broken.ClientError) -> UndenyError | None:
    code = error.response.get("Error", {}).get("Code", "")
    if code in _EXPIRED:
        return _broken("expired-token", "the credentials that read have expired", "renew them (aws sso login, or assume the role again)")
    if code in _INVALID:
        return _broken(
            "invalid-token", f"AWS does not accept the credentials that read (`{code}`)", "undeny whoami shows where they are from"
        )
    return None


def _broken(code: str, message: str, help_: str) -> UndenyError:
    return UndenyError(message, help=(help_,), code=code, exit_status=3)


def _field(error: BaseException, name: str) -> str | None:
    fields = getattr(error, "kwargs", {})
    return str(fields[name]) if name in fields else None
