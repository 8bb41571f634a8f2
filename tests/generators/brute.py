"""The fewest documents that have to change for a call, by trying all: each document at its most permissive, alone and together."""

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Place = tuple[str, int, int]
"""Layer, level (0 where there are none), and place of the policy there; one past the last is a new policy."""
BY_PRINCIPAL = ("resource", "endpoint", "rcp")


def places(scenario: Json) -> Iterator[Place]:
    """Give every document of a scenario, and where a new one may stand."""
    policies = scenario["policies"]
    for layer in ("identity", "boundary", "session", "endpoint"):
        held = policies.get(layer)
        if isinstance(held, list):
            yield from ((layer, 0, place) for place in range(len(held) + (layer in ("identity", "session") or not held)))
    if isinstance(policies.get("resource"), dict):  # what has none may be a thing that takes none
        yield ("resource", 0, 0)
    for layer in ("scp", "rcp"):
        for level, one in enumerate(policies[layer] if isinstance(policies.get(layer), list) else ()):
            if one["policies"] != "unknown":
                yield from ((layer, level, place) for place in range(len(one["policies"]) + (not one["policies"])))


def opened(scenario: Json, places_: tuple[Place, ...]) -> Json:
    """Give the scenario with these documents as permissive as they can be for its request: no Deny, and an Allow for it."""
    after = copy.deepcopy(scenario)
    for layer, level, place in places_:
        policies = after["policies"]
        if layer == "resource":
            policies["resource"] = permissive(policies["resource"], layer, after["request"])
            things = after.get("resources") or {}
            if after["request"]["resource"] in things and "policy" in things[after["request"]["resource"]]:
                things[after["request"]["resource"]]["policy"] = policies["resource"]
            continue
        held = policies[layer][level]["policies"] if layer in ("scp", "rcp") else policies[layer]
        if place == len(held):
            held.append({"name": "new", "policy": None})
        held[place] = held[place] | {"policy": permissive(held[place]["policy"], layer, after["request"])}
    return after


def permissive(document: Json | None, layer: str, request: Json) -> Json:
    held = (document or {}).get("Statement", [])
    kept = [s for s in (held if isinstance(held, list) else [held]) if s.get("Effect") == "Allow"]
    allow: Json = {"Effect": "Allow", "Action": request["action"], "Resource": "*"}
    if layer in BY_PRINCIPAL:
        allow["Principal"] = whom(request["principal"])
    return {"Version": "2012-10-17"} | (document or {}) | {"Statement": [*kept, allow]}


def whom(principal: str) -> Any:
    """Name a caller: in whatever way a policy does."""
    if principal == "anonymous":
        return "*"
    if not principal.startswith("arn:"):
        return {"Service": principal}
    return {"Federated": principal} if "-provider/" in principal else {"AWS": principal}


def fewest(scenario: Json, decide: Callable[[Json], str], most: int) -> int | None:
    """Give the least number of documents with which the call is allowed, up to `most`; `None` where so many are not enough."""
    there = tuple(places(scenario))
    for count in range(1, most + 1):
        if any(decide(opened(scenario, chosen)) == "allowed" for chosen in itertools.combinations(there, count)):
            return count
    return None
