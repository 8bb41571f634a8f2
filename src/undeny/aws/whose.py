"""Whose credentials these are, who gave them, until when, and whether this machine's clock is right."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
from botocore.exceptions import NoCredentialsError

from undeny.aws.reader import Reader
from undeny.aws.session import Identity, Session, client, identity, made, told
from undeny.aws.surroundings import Login, Token, surroundings
from undeny.aws.trusting import Trusted, beside
from undeny.denial.caller import Behind, behind
from undeny.errors import UndenyError
from undeny.iam.principal import Principal

SKEW = 300
"""Seconds by which a clock may be wrong before AWS refuses its signatures.

https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
"""
OLD = 90
"""Days after which a key is called old: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-3."""
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

    `expires` is `None` for long-term keys, and for temporary ones of which nobody says the end. `problem` says why AWS does not know these
    credentials; `arn`, `account` and `user_id` are then `None`. `behind` is who stands behind a session, as far as its names tell;
    `unseen` are the reads that were refused, `warnings` what is likely not meant.
    """

    arn: str | None
    account: str | None
    user_id: str | None
    provider: str | None
    method: str | None
    access_key_id: str | None
    temporary: bool | None
    expires: datetime | None
    profile: str | None
    region: str | None
    clock_offset: int | None
    behind: Behind | None = None
    problem: str | None = None
    problem_code: str | None = None
    place: str | None = None
    token: Token | None = None
    trust: Trusted | None = None
    login: Login | None = None
    key_created: datetime | None = None
    region_opt_in: str | None = None
    global_token_version: int | None = None
    warnings: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def ask(  # noqa: PLR0913 - who asks, and each side of the machine
    profile: str | None,
    region: str | None,
    *,
    environ: Mapping[str, str],
    home: Path,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    trust: str | None = None,
) -> Whose:
    """Say whose credentials these are: what this machine tells, and what AWS says of them where it answers.

    `trust` is a trust policy to lay beside the token's claims, where the role's own cannot be read. Raises `UndenyError` only for a
    profile that is not there; whatever else goes wrong is the answer's `problem`.
    """
    with told():
        session = made(profile, region)
    config = session._session.full_config  # noqa: SLF001 - botocore has no public way to the profile's own lines
    held, frozen, problem = _credentials(session)
    method = getattr(held, "method", None)
    seen = surroundings(
        environ,
        session.profile_name if session.profile_name in session.available_profiles else None,
        config.get("profiles", {}),
        config.get("sso_sessions", {}),
        method=method,
        now=clock(),
        home=home,
    )
    dates: list[int] = []
    me, problem = (None, problem) if held is None else _asked(session, dates, clock)
    found = Whose(
        arn=me.arn if me else None,
        account=me.account if me else None,
        user_id=me.user_id if me else None,
        provider=PROVIDERS.get(method or "", method),
        method=method,
        access_key_id=frozen.access_key if frozen else None,
        temporary=bool(frozen.token) if frozen else None,
        expires=me.expires if me else getattr(held, "_expiry_time", None),
        profile=session.profile_name if session.profile_name in session.available_profiles else None,
        region=session.region_name,
        clock_offset=dates[-1] if dates else None,
        behind=behind(me.arn) if me else None,
        problem=problem.message if problem else None,
        problem_code=problem.code if problem else None,
        place=seen.place,
        token=seen.token,
        login=seen.login,
        warnings=(*seen.warnings, *(problem.help if problem else ())),
    )
    if me is None:
        return _with_trust(found, seen.role_arn, trust)
    try:
        return _looked_up(session, clock, found, seen.role_arn, trust)
    except UndenyError as error:
        return _with_trust(msgspec.structs.replace(found, unseen=(error.message,)), seen.role_arn, trust)


def _credentials(session: Session) -> tuple[Any, Any, UndenyError | None]:
    """Give the credentials that boto3 finds, and frozen; or why there are none."""
    try:
        with told():
            held = session.get_credentials()
            if held is None:
                raise NoCredentialsError
            return held, held.get_frozen_credentials(), None
    except UndenyError as error:
        return None, None, error


def _asked(session: Session, dates: list[int], clock: Callable[[], datetime]) -> tuple[Identity | None, UndenyError | None]:
    """Ask STS; what stops it is told with what the clock and the key's own digits say."""
    made = client(session, "sts")
    noting = _noting(dates, clock)
    made.meta.events.register("after-call.sts.GetCallerIdentity", noting)
    try:
        return identity(session), None
    except UndenyError as error:
        return None, _with_clock(_told_key(error, session), dates)
    finally:
        made.meta.events.unregister("after-call.sts.GetCallerIdentity", noting)


def _told_key(error: UndenyError, session: Session) -> UndenyError:
    """Say of a key that AWS does not accept what that can be.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-keys.html
    """
    key = session.get_credentials().get_frozen_credentials().access_key
    if error.code != "invalid-token":
        return error
    if key.startswith("ASIA"):
        why = "its session token is another's or is cut, it is of another partition, or the Region is not switched on in the account"
        return UndenyError(f"AWS does not know the temporary key {key}: {why}", code=error.code, exit_status=3)
    help_ = (f"whoever may: aws iam get-access-key-last-used --access-key-id {key}, then aws iam list-access-keys --user-name USER",)
    return UndenyError(
        f"AWS does not know the key {key}: deactivated, deleted, or of another partition", code=error.code, help=help_, exit_status=3
    )


def _looked_up(session: Session, clock: Callable[[], datetime], found: Whose, role: str | None, trust: str | None) -> Whose:
    """Add what a few reads tell, each of which may be refused: of the Region, STS's global tokens, the user's keys, the role."""
    reader = Reader(session, clock)
    user = Principal.parse(found.arn or "")
    warnings = list(found.warnings)
    opt_in = _region(reader, found.region) if found.region else None
    version = None
    if opt_in == "not-opted-in":
        warnings.append(f"{found.region} is not switched on in account {found.account}: every call there is refused")
    if opt_in == "opted-in" and found.temporary:
        version = _token_version(reader)
        if version == 1:
            warnings.append(
                f"{found.region} is a Region that was switched on, and STS's global endpoint makes tokens here that it refuses: use a "
                "regional endpoint, or iam:SetSecurityTokenServicePreferences with v2Token"
            )
    created = None
    if user.kind == "user":
        created, more = _keys(reader, (user.name or "").rpartition("/")[2], found.access_key_id, clock())
        warnings += more
    shown = msgspec.structs.replace(
        found, warnings=tuple(warnings), region_opt_in=opt_in, global_token_version=version, key_created=created
    )
    if trust is None and role and found.token:
        answer = reader.call(
            "iam",
            "get_role",
            action="iam:GetRole",
            what=f"role trust policy of {role}",
            none=("NoSuchEntity",),
            RoleName=role.rpartition("/")[2],
        )
        trust = unquote(str(answer["Role"]["AssumeRolePolicyDocument"])) if isinstance(answer, dict) else None
    unseen = tuple(f"{gap.what} ({gap.permission or gap.why})" for gap in reader.gaps)
    return _with_trust(msgspec.structs.replace(shown, unseen=unseen), role, trust)


def _with_trust(found: Whose, role: str | None, trust: str | None) -> Whose:
    return msgspec.structs.replace(found, trust=beside(found.token, role or "", trust)) if found.token and trust else found


def _region(reader: Reader, region: str) -> str | None:
    """Give whether the Region must be switched on, and is: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html."""
    answer = reader.call(
        "ec2",
        "describe_regions",
        action="ec2:DescribeRegions",
        what=f"whether {region} is switched on",
        region="us-east-1" if reader.partition == "aws" else region,
        RegionNames=[region],
        AllRegions=True,
    )
    listed = answer.get("Regions", ()) if isinstance(answer, dict) else ()
    return next((str(one["OptInStatus"]) for one in listed if one.get("OptInStatus")), None)


def _token_version(reader: Reader) -> int | None:
    """Give the version of the tokens that STS's global endpoint makes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
    """
    answer = reader.call("iam", "get_account_summary", action="iam:GetAccountSummary", what="the version of STS's global tokens")
    told_ = answer.get("SummaryMap", {}).get("GlobalEndpointTokenVersion") if isinstance(answer, dict) else None
    return int(told_) if told_ is not None else None


def _keys(reader: Reader, user: str, key: str | None, now: datetime) -> tuple[datetime | None, list[str]]:
    """Give since when the user has this key, and what is wrong with its keys; a quarantined one is rotated, its policy not detached.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-keys_inactive-and-deleted.html
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
    """
    out: list[str] = []
    answer = reader.call("iam", "list_access_keys", action="iam:ListAccessKeys", what=f"access keys of user {user}", UserName=user)
    listed = answer.get("AccessKeyMetadata", ()) if isinstance(answer, dict) else ()
    created = next((one["CreateDate"] for one in listed if one.get("AccessKeyId") == key), None)
    out += [f"the user's other key {one['AccessKeyId']} is deactivated" for one in listed if one.get("Status") == "Inactive"]
    if created is not None and (now - created).days >= OLD:
        out.append(f"this key is {(now - created).days} days old: rotate it")
    attached = reader.call(
        "iam",
        "list_attached_user_policies",
        action="iam:ListAttachedUserPolicies",
        what=f"policies of user {user}",
        UserName=user,
    )
    names = [one["PolicyName"] for one in attached.get("AttachedPolicies", ())] if isinstance(attached, dict) else []
    quarantined = next((name for name in names if name.startswith("AWSCompromisedKeyQuarantine")), None)
    if quarantined:
        out.append(f"AWS holds a key of this user for exposed ({quarantined}): rotate the keys, and do not detach the policy first")
    return created, out


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
