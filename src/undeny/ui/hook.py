"""boto3 errors that carry their explanation: after `undeny.install()` a refused call's message says why, from its text alone.

Nothing is asked of AWS and nothing is kept; a call that succeeds costs one look at its status.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

from undeny import pipeline
from undeny.errors import UndenyError

_TOLD = frozenset(("permission", "credentials", "propagation", "account", "call"))
_REFUSALS = ("denied", "unauthorized", "authoriz", "forbidden", "403")
_ID = "undeny-explain"


def install(session: Any = None) -> None:
    """Explain the errors of a boto3 session's clients made from now on, of the default session where none is given.

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html
    """
    if session is None:
        from undeny.aws.session import default_session  # noqa: PLC0415 - boto3 is loaded only when it is wanted

        session = default_session()
    session.events.register("after-call", _explain, unique_id=_ID)


def _explain(parsed: MutableMapping[str, Any], model: Any, http_response: Any = None, **_: Any) -> None:
    """Add the explanation to the message of a refused call, before botocore makes the exception of it."""
    error = parsed.get("Error")
    if http_response is None or http_response.status_code < 400 or not isinstance(error, MutableMapping):
        return
    told = explanation_of(error, str(model.name), parsed.get("ResponseMetadata", {}))
    if told:
        error["Message"] = f"{error.get('Message', '')}\n  {told}"


def explanation_of(error: Mapping[str, Any], operation: str, response: Mapping[str, Any]) -> str | None:
    """Say in one line why; `None` for an error that is no refusal, or that undeny can say nothing on."""
    text = f"An error occurred ({error.get('Code')}) when calling the {operation} operation: {error.get('Message')}"
    if response.get("RequestId"):
        text += f" (request id: {response['RequestId']})"
    try:
        found = pipeline.explain(text)
    except UndenyError:
        return None
    refused = any(sign in str(error.get("Code", "")).lower() for sign in _REFUSALS)
    if found.bucket not in _TOLD or (found.cause.certainty == "unknown" and not refused):
        return None
    mark = found.cause.code if found.cause.certainty in ("proven", "stated") else f"{found.cause.code}?"
    return f"undeny: denied[{mark}]: {found.cause.summary}"
