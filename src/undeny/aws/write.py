"""Writes: what stands where an edit goes, the calls that carry it out, and carrying them out."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from undeny.aws.locate import Standing, standing
from undeny.aws.reader import Reader
from undeny.aws.session import Session, client, failure
from undeny.aws.settings import current_setting, setting_calls
from undeny.aws.targets import Call, delete_calls, undo_version_calls, write_calls
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, Edit, PolicyEdit
from undeny.iam.write import dump, minify, size

_VERSIONS = 5  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


def current(session: Session, edit: Edit, *, clock: Callable[[], datetime] | None = None) -> Standing:
    """Read what stands now where the edit goes; a new reader each time, so nothing is remembered.

    Raises `UndenyError` where it cannot be read, or is nothing that undeny writes.
    """
    if isinstance(edit, CallEdit):
        raise UndenyError("a change to the call is made by the caller, not in AWS", code="not-writable")
    reader = Reader(session, clock)
    return standing(reader, edit) if isinstance(edit, PolicyEdit) else current_setting(reader, edit)


def planned(edit: Edit, held: Standing, *, organization: bool = False) -> tuple[Call, ...]:
    """Give the calls that carry the edit out. `organization`: SCPs and RCPs may be written, which touches other accounts."""
    if isinstance(edit, CallEdit):
        return ()
    if not isinstance(edit, PolicyEdit):
        return setting_calls(held.place, edit.after)
    if edit.layer in ("scp", "rcp") and not organization:
        raise UndenyError(
            f"`{edit.policy}` holds for every account under `{edit.target}`: it is changed only when asked for by name",
            help=("give --organization, or send the proposal to whoever owns the organisation's policies",),
            code="organization-policy",
        )
    if edit.after is None:
        return delete_calls(held.place)
    if held.place.kind == "managed" and len(held.versions) >= _VERSIONS:
        arn = held.place.names["PolicyArn"]
        oldest = next(version for version in sorted(held.versions, key=_number) if version != held.version)
        raise UndenyError(
            f"{held.place.title} has {len(held.versions)} versions, and AWS keeps no more",
            help=(f"delete one that nobody needs: aws iam delete-policy-version --policy-arn {arn} --version-id {oldest}",),
            code="too-many-versions",
        )
    return write_calls(held.place, fitting(edit.after, held))


def _number(version: str) -> int:
    digits = version.removeprefix("v")
    return int(digits) if digits.isdigit() else 0


def fitting(document: Mapping[str, Any], held: Standing) -> str:
    """Write the document as text that AWS takes: readable, without white space where only that fits."""
    limit = held.place.limit
    kind = "resource" if held.place.whitespace else "identity"
    readable = dump(document)
    if limit is None or size(readable, kind) <= limit:
        return readable
    short = minify(document)
    if size(short, kind) > limit:
        raise UndenyError(f"{held.place.title} would have {size(short, kind)} characters, and AWS takes {limit}", code="policy-size-limit")
    return short


def put(session: Session, edit: Edit, *, organization: bool = False, environment: Mapping[str, str] | None = None) -> tuple[Call, ...]:
    """Carry an edit out, whatever stands there now, and give the calls that were made."""
    made = planned(edit, current(session, edit), organization=organization)
    for call in made:
        send(session, call, environment=environment)
    return made


def send(session: Session, call: Call, *, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Make one call that writes. Raises `UndenyError` where it is refused, and always while `UNDENY_READ_ONLY` is set."""
    refuse_when_read_only(environment)
    try:
        answer: dict[str, Any] = getattr(client(session, call.service, call.region), call.operation)(**call.parameters)
    except (ClientError, BotoCoreError) as error:
        raise failure(error) or _refused(call, error) from error
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def refuse_when_read_only(environment: Mapping[str, str] | None = None) -> None:
    """Raise `UndenyError` while the environment says that nothing may be written."""
    if (os.environ if environment is None else environment).get("UNDENY_READ_ONLY", "") not in ("", "0"):
        raise UndenyError("nothing is written while UNDENY_READ_ONLY is set", help=("unset UNDENY_READ_ONLY",), code="read-only")


def _refused(call: Call, error: Exception) -> UndenyError:
    line = " ".join(str(error).split()).rstrip(".")
    return UndenyError(
        f"{call.action} was refused: {line}",
        help=("undeny explain reads this text too",),
        code="write-refused",
        exit_status=3,
    )


def undo(held: Standing, written: Mapping[str, Any]) -> tuple[Call, ...]:
    """Give the calls that put back exactly what stood there: `held` is from before the write, `written` AWS's answer to it."""
    if held.place.kind == "managed":
        return undo_version_calls(held.place, held.version or "", written["PolicyVersion"]["VersionId"])
    if held.place.kind.startswith("setting:"):
        return setting_calls(held.place, msgspec.json.decode(held.text) if held.text is not None else None)
    return delete_calls(held.place) if held.text is None else write_calls(held.place, held.text)
