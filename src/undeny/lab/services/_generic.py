"""A service without a file of its own: the project's own reading of calls says which actions and resources a call needs."""

from collections.abc import Iterable, Mapping
from typing import Any

from undeny import calls
from undeny.denial.model import Denial
from undeny.lab.errors import UnanswerableError
from undeny.lab.model import Asked, Call


def asked(call: Call) -> tuple[Asked, ...]:
    """Ask for what `calls` reads out of operation and parameters, on a resource without a policy of its own."""
    denial = Denial(
        service=call.service,
        operation=call.operation,
        parameters=call.parameters,
        principal=call.caller.arn,
        account=call.caller.account,
        region=call.region,
    )
    requests = calls.requests_of(denial)
    if not requests:
        raise UnanswerableError(f"the lab knows no action for `{call.service}:{call.operation}`")
    tags = tag_keys(call.parameters)
    return tuple(Asked(action=r.action, resource=r.resource, account=r.resource_account, context=_context(r) | tags) for r in requests)


def _context(request: calls.Request) -> dict[str, str | list[str]]:
    given = {name: value for name, value in request.context.items() if value is not None}
    return {name: value if isinstance(value, str) else list(value) for name, value in given.items()}


def tag_keys(parameters: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Give `aws:RequestTag/k` and `aws:TagKeys` of a call that carries tags."""
    tags = parameters.get("Tags") or parameters.get("tags") or ()
    pairs: dict[str, str] = dict(tags) if isinstance(tags, Mapping) else {_of(tag, "ey"): _of(tag, "alue") for tag in tags}
    keys = list(pairs) + list(parameters.get("TagKeys") or ())
    found: dict[str, str | list[str]] = {f"aws:RequestTag/{name}": value for name, value in pairs.items()}
    return found | ({"aws:TagKeys": keys} if keys else {})


def _of(tag: Mapping[str, str], ending: str) -> str:
    return next((value for name, value in tag.items() if name.endswith(ending)), "")


def resource_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Give `aws:ResourceTag/k` of a thing's tags."""
    return {f"aws:ResourceTag/{name}": value for name, value in tags.items()}


def first(parameters: Mapping[str, Any], names: Iterable[str]) -> Any:
    """Give the first of these parameters that the call has."""
    return next((parameters[name] for name in names if parameters.get(name)), None)
