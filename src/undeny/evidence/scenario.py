"""The self-contained scenario: a request with its evidence as one JSON object, read and written.

The shape is the interface's: a layer left out or `"unknown"` is a gap, `null` does not apply, `[]` applies and allows nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.errors import UndenyError
from undeny.evidence import gaps, health
from undeny.evidence.health import HealthEvent
from undeny.evidence.model import Change, Evidence, Gap, Level, LevelSet, Policies, Policy, PolicySet, Resource
from undeny.iam import document
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

_LAYERS = ("identity", "boundary", "session", "endpoint", "scope_down", "resource", "scp", "rcp")
_UNKNOWN = "unknown"
_OPTIONAL = ("arn", "attached_to", "inline", "source")


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A request with all its evidence. `request` is `None` where text or event must say it; `raw` is the mapping as it came."""

    id: str | None = None
    request: Request | None = None
    evidence: Evidence
    text: str | None = None
    event: Mapping[str, Any] | None = None
    raw: Mapping[str, Any] = {}


def read(mapping: Mapping[str, Any]) -> Scenario:
    """Read a scenario. Raises `UndenyError` that names the JSON path of what is wrong; a bad policy is no error, but its own problem."""
    _object(mapping, "")
    request = _request(mapping["request"]) if mapping.get("request") is not None else None
    event = mapping.get("event")
    if event is not None:
        _object(event, "event")
    return Scenario(
        id=_text(mapping, "id", ""),
        request=request,
        evidence=_evidence(mapping, request),
        text=_text(mapping, "text", ""),
        event=event,
        raw=mapping,
    )


def write(scenario: Scenario) -> dict[str, Any]:
    """Write a scenario: what `read` gives back the same. Gaps become `"unknown"`; why they are there stands under `gaps`."""
    evidence = scenario.evidence
    out: dict[str, Any] = {"id": scenario.id} if scenario.id is not None else {}
    if scenario.text is not None:
        out["text"] = scenario.text
    if scenario.event is not None:
        out["event"] = scenario.event
    if scenario.request is not None:
        out["request"] = write_request(scenario.request)
    out["policies"] = _write_policies(evidence.policies)
    if evidence.resources:
        out["resources"] = {arn: _write_resource(thing) for arn, thing in evidence.resources.items()}
    if evidence.now is not None:
        out["now"] = _instant(evidence.now)
    if evidence.changed_lately:
        out["changed_lately"] = [{"time": _instant(c.time), "by": c.by, "event": c.event, "on": c.on} for c in evidence.changed_lately]
    out |= {name: list(told) for name in ("assumed", "recorded") if (told := getattr(evidence, name))}
    if evidence.health is not None:
        out["health"] = [_write_health(event) for event in evidence.health]
    if evidence.gaps:
        out["gaps"] = [msgspec.to_builtins(gap) for gap in evidence.gaps]
    return out


def write_request(request: Request) -> dict[str, Any]:
    """Write the `request` of a scenario."""
    out: dict[str, Any] = {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "resource_account": request.resource_account,
        "context": {key: list(value) if isinstance(value, tuple) else value for key, value in request.context.items()},
    }
    if request.unknown_keys:
        out["unknown_keys"] = list(request.unknown_keys)
    if request.parameters:
        out["parameters"] = dict(request.parameters)
    return out


def _evidence(mapping: Mapping[str, Any], request: Request | None) -> Evidence:
    given = mapping.get("policies")
    things = mapping.get("resources")
    return Evidence(
        policies=policies(given if given is not None else {}, request),
        resources={arn: _resource(arn, thing) for arn, thing in _object(things, "resources").items()} if things is not None else {},
        now=_time(mapping["now"], "now") if mapping.get("now") is not None else None,
        gaps=_gaps(mapping),
        changed_lately=_changes(mapping),
        health=_health(mapping),
        assumed=tuple(_string(one, "assumed") for one in _array(_told(mapping, "assumed", ()), "assumed")),
        recorded=tuple(_string(one, "recorded") for one in _array(_told(mapping, "recorded", ()), "recorded")),
        from_text=not given and not things,
    )


def policies(given: Mapping[str, Any], request: Request | None = None) -> Policies:
    """Read the `policies` of a scenario; `request` only helps to name what is missing."""
    _object(given, "policies")
    for name in given:
        if name not in _LAYERS:
            raise _wrong(f"policies.{name}", "is no layer", f"the layers are {', '.join(_LAYERS)}")
    who = request.principal if request else None
    account = Principal.parse(who).account if who else None
    return Policies(
        identity=_set(given, "identity", gaps.identity(who)),
        boundary=_set(given, "boundary", gaps.boundary(who)),
        session=_set(given, "session", gaps.session(who)),
        endpoint=_set(given, "endpoint", gaps.endpoint(_endpoint_id(request))),
        scope_down=_set(given, "scope_down", Gap(what="scope-down policies of the session")) if "scope_down" in given else None,
        resource=_one(given.get("resource", _UNKNOWN), "policies.resource", request.resource if request else None),
        scp=_levels(given, "scp", gaps.organization("scp", account)),
        rcp=_levels(given, "rcp", gaps.organization("rcp", request.resource_account if request else None)),
    )


def _endpoint_id(request: Request | None) -> str | None:
    if request is None:
        return None
    found = next((value for key, value in request.context.items() if key.lower() == "aws:sourcevpce"), None)
    return found if isinstance(found, str) else None


def _request(given: Any) -> Request:
    _object(given, "request")
    action = _text(given, "action", "request.")
    if not action:
        raise _wrong("request.action", "is missing", "an action reads like s3:GetObject")
    resource = _text(given, "resource", "request.") or "*"
    keys = _told(given, "unknown_keys", ())
    context = _object(_told(given, "context", {}), "request.context")
    for index, key in enumerate(_array(keys, "request.unknown_keys")):
        _string(key, f"request.unknown_keys[{index}]")
    return Request(
        principal=_text(given, "principal", "request."),
        action=action,
        resource=resource,
        resource_account=_text(given, "resource_account", "request.") if "resource_account" in given else _account(resource),
        context={key: _value(value, f"request.context.{key}") for key, value in context.items()},
        unknown_keys=tuple(keys),
        parameters=_object(_told(given, "parameters", {}), "request.parameters"),
    )


def _account(resource: str) -> str | None:
    """Give the account that the ARN itself names: what `resource_account` is where the scenario leaves it out."""
    arn = Arn.parse(resource)
    return arn.account if arn and arn.account.isdigit() else None


def _value(value: Any, path: str) -> ContextValue:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return tuple(_scalar(item, f"{path}[{index}]") for index, item in enumerate(value))
    return _scalar(value, path)


def _scalar(value: Any, path: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise _wrong(path, "is not a text, a list of texts or null")


def _set(given: Mapping[str, Any], layer: str, gap: Gap) -> PolicySet:
    value = given.get(layer, _UNKNOWN)
    path = f"policies.{layer}"
    if value is None:
        return None
    if value == _UNKNOWN:
        return gap
    return _list(value, path)


def _list(value: Any, path: str) -> tuple[Policy, ...] | Gap:
    found = [_policy(item, f"{path}[{index}]") for index, item in enumerate(_array(value, path))]
    missing = [item for item in found if isinstance(item, Gap)]
    return missing[0] if missing else tuple(item for item in found if isinstance(item, Policy))


def _policy(given: Any, path: str) -> Policy | Gap:
    _object(given, path)
    name = _text(given, "name", f"{path}.")
    if name is None:
        raise _wrong(f"{path}.name", "is missing")
    if given.get("policy") is None:
        raise _wrong(f"{path}.policy", "is missing", 'a policy that was not read is "unknown"')
    if given["policy"] == _UNKNOWN:
        return Gap(what=f"policy {name}")
    extra = {key: given[key] for key in _OPTIONAL if given.get(key) is not None}
    read_at = _time(given["read_at"], f"{path}.read_at") if given.get("read_at") is not None else None
    return Policy(name=name, document=_document(given["policy"], f"{path}.policy"), read_at=read_at, **extra)


def _one(value: Any, path: str, arn: str | None) -> Policy | Gap | None:
    if value is None:
        return None
    if value == _UNKNOWN:
        return gaps.resource(arn)
    return Policy(name=arn or "resource policy", document=_document(value, path), attached_to=arn)


def _document(value: Any, path: str) -> Any:
    if not isinstance(value, str | Mapping):
        raise _wrong(path, 'is not a policy document, null or "unknown"')
    try:
        return document.read(value)
    except UndenyError as error:
        raise UndenyError(f"`{path}` of the scenario: {error.message}", help=error.help, code="malformed-scenario") from error


def _levels(given: Mapping[str, Any], layer: str, gap: Gap) -> LevelSet:
    value = given.get(layer, _UNKNOWN)
    if value == _UNKNOWN:
        return gap
    if value is None:
        return ()
    return tuple(_level(item, f"policies.{layer}[{index}]", layer) for index, item in enumerate(_array(value, f"policies.{layer}")))


def _level(given: Any, path: str, layer: str) -> Level:
    _object(given, path)
    target = _text(given, "target", f"{path}.")
    if target is None:
        raise _wrong(f"{path}.target", "is missing", "a level's target is r-…, ou-… or an account id")
    value = given.get("policies", _UNKNOWN)
    held = gaps.organization(layer, target) if value == _UNKNOWN else _list(value, f"{path}.policies")
    return Level(target=target, policies=held, name=_text(given, "name", f"{path}."))


def _resource(arn: str, given: Any) -> Resource:
    path = f"resources.{arn}"
    _object(given, path)
    exists = given.get("exists")
    if exists is not None and not isinstance(exists, bool):
        raise _wrong(f"{path}.exists", "is neither true nor false")
    value = given.get("policy", None if exists is False else _UNKNOWN)
    return Resource(
        arn=arn,
        policy=_one(value, f"{path}.policy", arn),
        settings=_object(_told(given, "settings", {}), f"{path}.settings"),
        exists=exists,
    )


def _changes(mapping: Mapping[str, Any]) -> tuple[Change, ...]:
    out = []
    for index, item in enumerate(_array(_told(mapping, "changed_lately", ()), "changed_lately")):
        path = f"changed_lately[{index}]"
        _object(item, path)
        words = {name: _string(item.get(name), f"{path}.{name}") for name in ("by", "event", "on")}
        out.append(Change(time=_time(item.get("time"), f"{path}.time"), **words))
    return tuple(out)


def _health(mapping: Mapping[str, Any]) -> tuple[HealthEvent, ...] | None:
    """Read AWS Health's events, as EventBridge brings them or as its API lists them."""
    if mapping.get("health") is None:
        return None
    given = _array(mapping["health"], "health")
    try:
        return tuple(health.read(_object(one, f"health[{index}]")) for index, one in enumerate(given))
    except UndenyError as error:
        raise _wrong("health", f"holds something else: {error.message}") from error


def _write_health(event: HealthEvent) -> dict[str, Any]:
    """Write an event as AWS's API lists it."""
    told = {"startTime": event.start, "endTime": event.end, "lastUpdatedTime": event.updated}
    return {
        "arn": event.arn,
        "service": event.service,
        "eventTypeCode": event.code,
        "eventTypeCategory": event.category,
        "region": event.region,
        "statusCode": event.status,
        **{name: _instant(time) for name, time in told.items() if time is not None},
        **({"description": event.description} if event.description else {}),
    }


def _gaps(mapping: Mapping[str, Any]) -> tuple[Gap, ...]:
    given = _array(_told(mapping, "gaps", ()), "gaps")
    try:
        return tuple(msgspec.convert(given, list[Gap]))
    except msgspec.ValidationError as error:
        raise _wrong("gaps", f"is not a list of gaps ({error})") from error


def _time(value: Any, path: str) -> datetime:
    """Read an instant: ISO 8601 (without a zone it is UTC) or seconds since 1970."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        raise _wrong(path, "is no time", "write it like 2026-11-20T09:30:00Z") from None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _write_policies(held: Policies) -> dict[str, Any]:
    out: dict[str, Any] = {
        name: _write_set(value)
        for name, value in (
            ("identity", held.identity),
            ("boundary", held.boundary),
            ("session", held.session),
            ("resource", held.resource),
            ("endpoint", held.endpoint),
        )
    }
    out["scp"], out["rcp"] = _write_levels(held.scp), _write_levels(held.rcp)
    if held.scope_down is not None:
        out["scope_down"] = _write_set(held.scope_down)
    return out


def _write_set(value: PolicySet | Policy) -> Any:
    if isinstance(value, Gap):
        return _UNKNOWN
    if isinstance(value, Policy):
        return value.document.data
    return None if value is None else [_write_policy(policy) for policy in value]


def _write_policy(policy: Policy) -> dict[str, Any]:
    out: dict[str, Any] = {"name": policy.name, "policy": policy.document.data}
    out.update({key: getattr(policy, key) for key in _OPTIONAL if getattr(policy, key) is not None})
    if policy.read_at is not None:
        out["read_at"] = _instant(policy.read_at)
    return out


def _write_levels(value: LevelSet) -> Any:
    if isinstance(value, Gap):
        return _UNKNOWN
    return [
        {"target": level.target, "policies": _write_set(level.policies)} | ({"name": level.name} if level.name is not None else {})
        for level in value
    ]


def _write_resource(thing: Resource) -> dict[str, Any]:
    out: dict[str, Any] = {"policy": _write_set(thing.policy), "settings": dict(thing.settings)}
    return out if thing.exists is None else out | {"exists": thing.exists}


def _told(mapping: Mapping[str, Any], name: str, absent: Any) -> Any:
    value = mapping.get(name)
    return absent if value is None else value


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(path, "is not an object")
    return value


def _array(value: Any, path: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise _wrong(path, "is not a list")
    return value


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(path, "is not a text")
    return value


def _text(mapping: Mapping[str, Any], name: str, prefix: str) -> str | None:
    value = mapping.get(name)
    return None if value is None else _string(value, f"{prefix}{name}")


def _wrong(path: str, what: str, *help_: str) -> UndenyError:
    where = f"`{path}` of the scenario" if path else "the scenario"
    return UndenyError(f"{where} {what}", help=help_, code="malformed-scenario")
