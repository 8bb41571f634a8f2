"""A service without a file of its own: the catalogue says which action its operation needs; the resource is `*`."""

from collections.abc import Iterable, Mapping
from typing import Any

from undeny import catalog
from undeny.lab.errors import UnanswerableError
from undeny.lab.model import Asked, Call


def asked(call: Call) -> tuple[Asked, ...]:
    """Ask for the likeliest action of the operation, on the ARN that the parameters spell out or on `*`."""
    actions = catalog.actions_for(call.operation, call.service)
    if not actions:
        raise UnanswerableError(f"the lab knows no action for `{call.service}:{call.operation}`")
    return (Asked(action=actions[0], resource=_arn(call.parameters) or "*", context=tag_keys(call.parameters)),)


def _arn(parameters: Mapping[str, Any]) -> str | None:
    return next((v for k, v in parameters.items() if k.lower().endswith("arn") and isinstance(v, str) and v.startswith("arn:")), None)


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
