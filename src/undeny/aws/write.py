"""Writes: what stands where an edit goes, the calls that carry it out, and carrying them out."""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from undeny.aws.locate import standing
from undeny.aws.reader import Reader
from undeny.aws.session import Session, failure, writer
from undeny.aws.settings import current_setting, setting_calls
from undeny.aws.targets import Call, Standing, default_calls, delete_calls, forget_calls, write_calls
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, Edit, PolicyEdit
from undeny.iam import document
from undeny.iam.write import dump, minify, size

UNANSWERED = ("network-unreachable", "no-answer", "throttled")
"""Codes of the errors after which nobody knows, or AWS says that it may be tried again: look first, then write again."""
_THROTTLED = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
    "RequestThrottled",
    "PriorRequestNotComplete",
    "ConcurrentModificationException",
)
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
    """Make one call that writes, once. Raises `UndenyError` where it is refused, and always while `UNDENY_READ_ONLY` is set.

    One of the codes `UNANSWERED` says that it may have been carried out, or may be tried again: whoever calls looks before it does.
    """
    refuse_when_read_only(environment)
    try:
        answer: dict[str, Any] = getattr(writer(session, call.service, call.region), call.operation)(**call.parameters)
    except (ClientError, BotoCoreError) as error:
        raise failure(error) or _refused(call, error) from error
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def refuse_when_read_only(environment: Mapping[str, str] | None = None) -> None:
    """Raise `UndenyError` while the environment says that nothing may be written."""
    if (os.environ if environment is None else environment).get("UNDENY_READ_ONLY", "") not in ("", "0"):
        raise UndenyError("nothing is written while UNDENY_READ_ONLY is set", help=("unset UNDENY_READ_ONLY",), code="read-only")


def _refused(call: Call, error: Exception) -> UndenyError:
    line = " ".join(str(error).split()).rstrip(".")
    if not isinstance(error, ClientError):
        return UndenyError(f"no answer came to {call.action}: {line}", help=("run it again",), code="no-answer", exit_status=3)
    if error.response.get("Error", {}).get("Code", "") in _THROTTLED:
        return UndenyError(f"AWS throttled {call.action}: {line}", help=("run it again in a minute",), code="throttled", exit_status=3)
    if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return UndenyError(f"AWS failed at {call.action}: {line}", help=("run it again",), code="no-answer", exit_status=3)
    return UndenyError(
        f"{call.action} was refused: {line}",
        help=("undeny explain reads this text too",),
        code="write-refused",
        exit_status=3,
    )


def undo(before: Standing, now: Standing, own: Iterable[str] = ()) -> tuple[Call, ...]:
    """Give the calls that put back exactly what stood `before`. `own` are the versions of a managed policy that the change made."""
    if before.place.kind == "managed":
        again: tuple[Call, ...] = ()
        if before.version in now.versions and now.version != before.version:
            again = default_calls(before.place, before.version or "")
        elif before.version not in now.versions and now.text != before.text:
            again = write_calls(before.place, before.text or "")  # somebody deleted the version that was the default
        return (*again, *forget_calls(before.place, own))
    if before.place.kind.startswith("setting:"):
        return setting_calls(before.place, msgspec.json.decode(before.text) if before.text is not None else None)
    return delete_calls(before.place) if before.text is None else write_calls(before.place, before.text)


def own_versions(session: Session, before: Standing, now: Standing, text: str | None) -> tuple[str, ...]:
    """Give the versions of a managed policy that were not there before and hold exactly `text`: those that the change made.

    A write whose answer was lost may have made one more than is known.
    """
    if before.place.kind != "managed" or text is None:
        return ()
    reader, found = Reader(session), []
    for version in now.versions:
        if version in before.versions:
            continue
        names: dict[str, Any] = {"PolicyArn": before.place.names["PolicyArn"], "VersionId": version}
        what = f"version {version} of {before.place.title}"
        answer = reader.call("iam", "get_policy_version", action="iam:GetPolicyVersion", what=what, **names)
        if isinstance(answer, dict) and document.read(answer["PolicyVersion"]["Document"]).text == text:
            found.append(version)
    return tuple(found)
