"""What this machine tells of its credentials with nothing asked: where the program runs, its token, which login is open."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from undeny.denial.caller import of_subject

PLACES = (
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    ("AWS_LAMBDA_FUNCTION_NAME", "the Lambda function {}"),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
    ("CODEBUILD_BUILD_ID", "the CodeBuild build {}"),
    # https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    ("GITHUB_REPOSITORY", "a GitHub Actions job of {}"),
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    ("CI_PROJECT_PATH", "a GitLab job of {}"),
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
    ("ECS_CONTAINER_METADATA_URI_V4", "a container of an ECS task"),
    # https://kubernetes.io/docs/concepts/containers/container-environment/
    ("KUBERNETES_SERVICE_HOST", "a pod"),
)
POD_IDENTITY = ("http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials")
"""https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html."""
_LARGEST = 1 << 20


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of a web identity token; the token itself is kept nowhere. `issuer` is without `https://`, as condition keys spell it."""

    file: str
    issuer: str
    subject: str
    audience: tuple[str, ...]
    expires: datetime | None
    says: str | None
    claims: Mapping[str, str] = {}


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """The Identity Center login of a profile: `expires` is `None` where nobody has logged in on this machine."""

    name: str
    start_url: str | None
    expires: datetime | None


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What is seen without asking. `role_arn` is the role that the token is for; `warnings` are sentences."""

    place: str | None = None
    token: Token | None = None
    role_arn: str | None = None
    login: Login | None = None
    warnings: tuple[str, ...] = ()


def surroundings(  # noqa: PLR0913 - each of them is one side of the machine
    environ: Mapping[str, str],
    profile: str | None,
    profiles: Mapping[str, Mapping[str, Any]],
    sessions: Mapping[str, Mapping[str, Any]],
    *,
    method: str | None,
    now: datetime,
    home: Path,
) -> Surroundings:
    """Look around. `profiles` and `sessions` are the config file's; `method` is the provider that gave the credentials, `None` for none."""
    own = profiles.get(profile or "", {})
    place = next((says.format(environ[name]) for name, says in PLACES if environ.get(name)), None)
    file = environ.get("AWS_WEB_IDENTITY_TOKEN_FILE") or own.get("web_identity_token_file") or _pod_file(environ)
    token = read_token(str(file)) if file else None
    login = _login(own, sessions, home)
    seen = _Seen(environ=environ, own=own, method=method, place=place, token=token, login=login, now=now)
    role = environ.get("AWS_ROLE_ARN") or own.get("role_arn")
    return Surroundings(place=place, token=token, role_arn=str(role) if role else None, login=login, warnings=tuple(_warnings(seen)))


def _pod_file(environ: Mapping[str, str]) -> str | None:
    in_pod = environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI") in POD_IDENTITY
    return environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") if in_pod else None


def read_token(file: str) -> Token | None:
    """Read the claims of a token in a file; its signature is AWS's to check. `None` where there is no token in it."""
    try:
        with Path(file).open("rb") as opened:
            parts = opened.read(_LARGEST).decode("ascii").strip().split(".")
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))) if len(parts) == 3 else None
    except (OSError, ValueError):
        return None
    if not isinstance(claims, dict):
        return None
    audience = claims.get("aud")
    expires = claims.get("exp")
    subject = str(claims.get("sub", ""))
    behind = of_subject(subject)
    return Token(
        file=file,
        issuer=str(claims.get("iss", "")).removeprefix("https://").rstrip("/"),
        subject=subject,
        audience=tuple(str(one) for one in (audience if isinstance(audience, list) else [audience] if audience else [])),
        expires=datetime.fromtimestamp(expires, UTC) if isinstance(expires, int | float) and 0 < expires < 1 << 35 else None,
        says=behind.says if behind else None,
        claims={str(name): str(value) for name, value in claims.items() if isinstance(value, str | int | float | bool)},
    )


def _login(own: Mapping[str, Any], sessions: Mapping[str, Mapping[str, Any]], home: Path) -> Login | None:
    """Read the login of a profile from the cache that the CLI and the SDKs share.

    https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html
    """
    name = own.get("sso_session")
    start = own.get("sso_start_url") or (sessions.get(str(name), {}).get("sso_start_url") if name else None)
    if not name and not start:
        return None
    file = home / ".aws" / "sso" / "cache" / f"{hashlib.sha1(str(name or start).encode(), usedforsecurity=False).hexdigest()}.json"
    try:
        told = json.loads(file.read_text("utf-8")).get("expiresAt")
        expires = datetime.fromisoformat(str(told).replace("UTC", "+00:00")) if told else None
    except (OSError, ValueError, AttributeError):
        expires = None
    aware = expires.replace(tzinfo=UTC) if expires is not None and expires.tzinfo is None else expires
    return Login(name=str(name or start), start_url=str(start) if start else None, expires=aware)


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    environ: Mapping[str, str]
    own: Mapping[str, Any]
    method: str | None
    place: str | None
    token: Token | None
    login: Login | None
    now: datetime


def _warnings(seen: _Seen) -> Iterator[str]:
    """Say what is likely not meant.

    https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
    https://docs.aws.amazon.com/boto3/latest/guide/credentials.html
    """
    environ, token, login = seen.environ, seen.token, seen.login
    if seen.method == "env":
        others = [
            name for name in ("AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI") if environ.get(name)
        ]
        if others:
            yield f"AWS_ACCESS_KEY_ID in the environment wins over {' and '.join(others)}: unset it if the other was meant"
    if seen.own.get("role_arn") and seen.method in ("shared-credentials-file", "config-file", "env"):
        yield f"the profile names role_arn {seen.own['role_arn']}, and static keys win over it: the role was not assumed"
    if seen.place == "a pod" and seen.method == "iam-role":
        yield "this pod calls with its node's role: its service account has neither a role annotation nor a Pod Identity association"
    if token is not None and token.expires is not None and token.expires < seen.now:
        yield f"the web identity token in {token.file} ended at {token.expires:%Y-%m-%d %H:%M:%S} UTC"
    if environ.get("AWS_WEB_IDENTITY_TOKEN_FILE") and token is None:
        yield f"AWS_WEB_IDENTITY_TOKEN_FILE names {environ['AWS_WEB_IDENTITY_TOKEN_FILE']}, and there is no token in it"
    if environ.get("GITHUB_ACTIONS") == "true" and not environ.get("ACTIONS_ID_TOKEN_REQUEST_URL"):
        yield "this job may not ask for an OIDC token: the workflow lacks `permissions: id-token: write`"
    if login is not None and (login.expires is None or login.expires < seen.now):
        yield f"the Identity Center login {login.name} is {'not there' if login.expires is None else 'over'}: aws sso login"
