"""One call that changes nothing, made ready to be made many times, each time with how long it took and what came of it."""

import time
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from undeny import __version__
from undeny.aws import repeat
from undeny.aws.session import Session, told
from undeny.calls.model import Request
from undeny.errors import UndenyError

__all__ = ["Answer", "Session", "name", "prepared"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one call. `failed` is what is neither allowed nor denied: throttled, no answer, another error; `code` names it."""

    outcome: Literal["allowed", "denied", "failed"]
    milliseconds: float
    code: str = ""
    text: str = ""


def name(session: Session, request: Request) -> str:
    """Give the call that is repeated, as `s3.get_object`. Raises `UndenyError` where it would change something, or is another's to make."""
    found = repeat.repeat(session, request)
    if found.call is None:
        raise UndenyError(f"the call cannot be repeated under load: {found.why}", code="not-repeatable", exit_status=4)
    return found.call


def prepared(session: Session, request: Request) -> Callable[[], Answer]:
    """Make the call ready with a session's credentials: the client is made here, outside what is timed. It is never tried twice."""
    built = repeat.built_for(session, request)
    if built is None:
        raise UndenyError(f"{request.action} changes something, or its parameters are not known", code="not-repeatable", exit_status=4)
    service, operation, parameters = built
    config = Config(user_agent=f"undeny/{__version__}", retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)
    with told():
        made = session.client(service, region_name=repeat.region_of(request) or session.region_name or "us-east-1", config=config)
    call = getattr(made, operation)
    return lambda: _timed(call, parameters)


def _timed(call: Callable[..., Any], parameters: dict[str, Any]) -> Answer:
    begin = time.perf_counter()
    try:
        answer = call(**parameters)
        for body in ("Body", "Payload"):
            if hasattr(answer.get(body), "read"):
                answer[body].read()
    except ClientError as error:
        taken = (time.perf_counter() - begin) * 1000
        outcome, code = repeat.outcome_of(error)
        return Answer(outcome=outcome, milliseconds=taken, code=code, text=str(error))
    except BotoCoreError as error:
        return Answer(outcome="failed", milliseconds=(time.perf_counter() - begin) * 1000, code=type(error).__name__, text=str(error))
    return Answer(outcome="allowed", milliseconds=(time.perf_counter() - begin) * 1000)
