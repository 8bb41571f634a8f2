"""The few settings of things that undeny writes: how each is read, written and taken away."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.aws.keys import plain
from undeny.aws.reader import Reader
from undeny.aws.targets import Call, Place, Standing
from undeny.errors import UndenyError
from undeny.evidence.model import Gap
from undeny.fix.model import SettingEdit
from undeny.iam.arn import Arn


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: the client and methods that read, write and delete it, and how its thing is named.

    `absent` is the error code that says there is none; `kept` are the fields of the answer that the write takes.
    """

    service: str
    read: str
    read_action: str
    write: str
    delete: str | None = None
    name: str
    kept: tuple[str, ...]
    inside: str | None = None
    absent: tuple[str, ...] = ()


SETTINGS: Mapping[str, Setting] = {
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
    "s3:PutBucketOwnershipControls": Setting(
        service="s3",
        read="get_bucket_ownership_controls",
        read_action="s3:GetBucketOwnershipControls",
        write="put_bucket_ownership_controls",
        delete="delete_bucket_ownership_controls",
        name="Bucket",
        kept=("OwnershipControls",),
        absent=("OwnershipControlsNotFoundError",),
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
    "s3:PutPublicAccessBlock": Setting(
        service="s3",
        read="get_public_access_block",
        read_action="s3:GetBucketPublicAccessBlock",
        write="put_public_access_block",
        delete="delete_public_access_block",
        name="Bucket",
        kept=("PublicAccessBlockConfiguration",),
        absent=("NoSuchPublicAccessBlockConfiguration",),
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
    "s3:PutBucketEncryption": Setting(
        service="s3",
        read="get_bucket_encryption",
        read_action="s3:GetEncryptionConfiguration",
        write="put_bucket_encryption",
        delete="delete_bucket_encryption",
        name="Bucket",
        kept=("ServerSideEncryptionConfiguration",),
        absent=("ServerSideEncryptionConfigurationNotFoundError",),
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
    "s3:PutBucketRequestPayment": Setting(
        service="s3",
        read="get_bucket_request_payment",
        read_action="s3:GetBucketRequestPayment",
        write="put_bucket_request_payment",
        name="Bucket",
        kept=("Payer",),
        inside="RequestPaymentConfiguration",
    ),
    # https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
    "lambda:UpdateFunctionConfiguration": Setting(
        service="lambda",
        read="get_function_configuration",
        read_action="lambda:GetFunctionConfiguration",
        write="update_function_configuration",
        name="FunctionName",
        kept=("Role", "KMSKeyArn"),
    ),
}
_ALIASES = {"s3:PutBucketPublicAccessBlock": "s3:PutPublicAccessBlock", "s3:PutEncryptionConfiguration": "s3:PutBucketEncryption"}


def current_setting(reader: Reader, edit: SettingEdit) -> Standing:
    """Read what the setting is now, as JSON text; only the fields that the edit speaks of."""
    operation, setting, arn = _known(edit)
    if arn.account.isdigit() and arn.account != reader.me.account:
        raise UndenyError(
            f"`{edit.target}` is in account {arn.account}, and these credentials are of {reader.me.account}", code="wrong-account"
        )
    names = _names(setting, arn, reader.me.account)
    answer = reader.call(
        setting.service,
        setting.read,
        action=setting.read_action,
        what=f"{', '.join(setting.kept)} of {edit.target}",
        none=setting.absent,
        region=arn.region or None,
        **names,
    )
    if isinstance(answer, Gap):
        raise UndenyError(f"{answer.what} could not be read ({answer.why}), so nothing is changed", code="not-readable", exit_status=3)
    fields = _fields(edit, setting)
    text = msgspec.json.encode({key: plain(answer[key]) for key in fields if key in answer}).decode() if answer is not None else None
    place = Place(kind=f"setting:{operation}", title=f"{', '.join(fields)} of {edit.target}", names=names, region=arn.region or None)
    return Standing(place=place, text=text)


def _fields(edit: SettingEdit, setting: Setting) -> tuple[str, ...]:
    named = {*(edit.before or {}), *(edit.after or {})}
    unknown = named - set(setting.kept)
    if unknown:
        raise UndenyError(f"undeny does not set `{min(unknown)}` with {edit.operation}", code="not-writable")
    return tuple(key for key in setting.kept if key in named)


def _known(edit: SettingEdit) -> tuple[str, Setting, Arn]:
    operation = _ALIASES.get(edit.operation, edit.operation)
    arn = Arn.parse(edit.target)
    if operation not in SETTINGS or arn is None:
        raise UndenyError(
            f"undeny does not carry out {edit.operation} on `{edit.target}`",
            help=("undeny fix --as cli gives the call to make yourself",),
            code="not-writable",
        )
    if "<" in str(edit.after):
        raise UndenyError(f"the change to `{edit.target}` still has a placeholder", help=("fill it in first",), code="has-placeholders")
    return operation, SETTINGS[operation], arn


def _names(setting: Setting, arn: Arn, account: str) -> dict[str, str]:
    return {"Bucket": arn.bucket, "ExpectedBucketOwner": account} if setting.name == "Bucket" else {setting.name: str(arn)}


def setting_calls(place: Place, value: Mapping[str, Any] | None) -> tuple[Call, ...]:
    """Give the calls that set a setting to `value`, `None` to take it away."""
    operation = place.kind.partition(":")[2]
    setting = SETTINGS[operation]
    made: dict[str, Any] = {"service": setting.service, "action": operation, "region": place.region}
    if value is None:
        if setting.delete is None:
            raise UndenyError(f"{place.title} cannot be taken away", code="cannot-delete")
        return (Call(operation=setting.delete, parameters=place.names, **made),)
    parameters = {setting.inside: value} if setting.inside else dict(value)
    return (Call(operation=setting.write, parameters={**place.names, **parameters}, **made),)
