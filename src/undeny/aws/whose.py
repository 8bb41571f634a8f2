"""Whose credentials these are, who gave them, until when, and whether this machine's clock is right."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from undeny.aws.session import Session, client, identity, told
from undeny.errors import UndenyError

SKEW = 300
"""Seconds by which a clock may be wrong before AWS refuses its signatures.

https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
"""
PROVIDERS = {
    "env": "environment variables (AWS_ACCESS_KEY_ID)",
    "shared-credentials-file": "the shared credentials file",
    "custom-process": "a credential_process of the profile",
    "config-file": "the config file",
    "assume-role": "a role assumed for the profile",
    "assume-role-with-web-identity": "a role assumed with a web identity token",
    "sso": "IAM Identity Center (aws sso login)",
    "login": "aws login",
    "container-role": "the container's role (ECS task or EKS Pod Identity)",
    "iam-role": "the instance's role (EC2 metadata)",
    "ec2-credentials-file": "the file in AWS_CREDENTIAL_FILE",
    "boto-config": "boto's old config file",
    "explicit": "given in code",
}
"""botocore's providers: https://docs.aws.amazon.com/boto3/latest/guide/credentials.html#credentials"""


class Whose(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `whoami`. `clock_offset` is in seconds, positive where this machine is ahead of AWS; `None` where no answer had a date.

    `expires` is `None` for long-term keys, and for temporary ones of which nobody says the end.
    """

    arn: str
    account: str
    user_id: str
    provider: str | None
    method: str | None
    access_key_id: str | None
    temporary: bool
    expires: datetime | None
    profile: str | None
    region: str | None
    clock_offset: int | None


def ask(session: Session, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Whose:
    """Ask AWS whose credentials these are. Raises `UndenyError` (exit 3) where it does not say."""
    dates: list[int] = []
    made = client(session, "sts")
    noting = _noting(dates, clock)
    made.meta.events.register("after-call.sts.GetCallerIdentity", noting)
    try:
        me = identity(session)
    except UndenyError as error:
        raise _with_clock(error, dates) from error
    finally:
        made.meta.events.unregister("after-call.sts.GetCallerIdentity", noting)
    with told():
        held = session.get_credentials()
        frozen = held.get_frozen_credentials()
    return Whose(
        arn=me.arn,
        account=me.account,
        user_id=me.user_id,
        provider=PROVIDERS.get(me.method or "", me.method),
        method=me.method,
        access_key_id=frozen.access_key,
        temporary=bool(frozen.token),
        expires=me.expires,
        profile=me.profile,
        region=me.region,
        clock_offset=dates[-1] if dates else None,
    )


def _noting(dates: list[int], clock: Callable[[], datetime]) -> Callable[..., None]:
    """Give a hook that notes by how much this machine's clock is off, from the Date header of an answer."""

    def note(parsed: Mapping[str, Any], **_: Any) -> None:
        header = parsed.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        try:
            there = parsedate_to_datetime(header) if header else None
        except ValueError:
            return
        if there is not None:
            dates.append(round((clock() - there.astimezone(UTC)).total_seconds()))

    return note


def _with_clock(error: UndenyError, dates: list[int]) -> UndenyError:
    """Say that it is the clock, where it is off by more than AWS bears."""
    if not dates or abs(dates[-1]) <= SKEW:
        return error
    minutes, way = abs(dates[-1]) // 60, "ahead of" if dates[-1] > 0 else "behind"
    message = f"this machine's clock is {minutes:,} minutes {way} AWS's, and AWS refuses its signatures"
    return UndenyError(message, code="clock-skew", exit_status=3, help=("set the clock (NTP), then again", error.message))
