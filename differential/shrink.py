"""Make a scenario on which two implementations disagree as small as it goes, so that what is left is the disagreement."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]


def shrink(scenario: Json, still: Callable[[Json], bool]) -> Json:
    """Leave out and simplify one thing after the other as long as `still` holds of what remains."""
    changed = True
    while changed:
        changed = False
        for smaller in variants(scenario):
            if still(smaller):
                scenario, changed = smaller, True
                break
    return scenario


def variants(scenario: Json) -> Iterator[Json]:
    """Give scenarios that are one step smaller, the largest steps first."""
    for layer in ("rcp", "scp", "endpoint", "session", "boundary", "resource", "identity"):
        none: Any = [] if layer in ("scp", "rcp", "identity") else None
        if scenario["policies"][layer] != none:
            yield changed(scenario, ("policies", layer), none)
    if scenario.get("resources"):
        yield changed(scenario, ("resources",), {})
    for path, value in walk(scenario["policies"], ("policies",)):
        yield from of_part(scenario, path, value)
    for key, value in scenario["request"]["context"].items():
        if value is not None and key != "aws:userid":
            yield without(scenario, ("request", "context"), key)


def of_part(scenario: Json, path: tuple[Any, ...], value: Any) -> Iterator[Json]:
    """Give the scenarios in which one part of a policy is smaller."""
    name = path[-1]
    if isinstance(value, list):
        if len(value) > 1:
            yield from (without(scenario, path, index) for index in range(len(value)))
        elif name in ("Action", "Resource", "Statement", "AWS") or (len(path) > 2 and path[-3] == "Condition"):
            yield changed(scenario, path, value[0])
    if name == "Version" and "${" in str(at(scenario, path[:-1])):
        return
    if (
        name in ("Sid", "Condition", "Version")
        or (len(path) > 3 and path[-2] == "Condition")
        or (len(path) > 4 and path[-3] == "Condition")
    ):
        yield without(scenario, path[:-1], name)
    if name in ("NotAction", "NotResource"):
        yield renamed(scenario, path, name.removeprefix("Not"), "*")
    if name in ("Action", "Resource") and value != "*":
        yield changed(scenario, path, "*")
    if name == "Principal" and value != "*":
        yield changed(scenario, path, "*")
    if name == "Service" and "Principal" in path and len(at(scenario, path[:-1])) > 1:
        yield without(scenario, path[:-1], name)


def walk(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Give every part with its path, the outer first."""
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for key, part in items:
        yield (*path, key), part
        yield from walk(part, (*path, key))


def at(scenario: Json, path: tuple[Any, ...]) -> Any:
    """Give the part at a path."""
    found: Any = scenario
    for step in path:
        found = found[step]
    return found


def changed(scenario: Json, path: tuple[Any, ...], value: Any) -> Json:
    """Give a copy with another value at a path."""
    made = copy.deepcopy(scenario)
    at(made, path[:-1])[path[-1]] = value
    return made


def without(scenario: Json, path: tuple[Any, ...], key: Any) -> Json:
    """Give a copy without a key or an element."""
    made = copy.deepcopy(scenario)
    del at(made, path)[key]
    return made


def renamed(scenario: Json, path: tuple[Any, ...], name: str, value: Any) -> Json:
    """Give a copy in which a key has another name and value."""
    made = without(scenario, path[:-1], path[-1])
    at(made, path[:-1])[name] = value
    return made
