"""Two sides taken apart into places that may differ, and put together again with this place from one side and that from the other."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec

from undeny.calls.model import Request
from undeny.decide.model import LayerName
from undeny.evidence.layers import holder_of_policy
from undeny.evidence.model import Evidence, Gap, Level, Policies, Policy, Resource
from undeny.prove.comparing import canonical
from undeny.prove.comparing.model import MISSING, Side, Unit

Choice = Literal["a", "b"]
_SETS: tuple[LayerName, ...] = ("identity", "boundary", "session", "endpoint", "resource")
_LEVELS: tuple[LayerName, ...] = ("scp", "rcp")
_CALL = ("principal", "action", "resource", "resource_account", "parameters")
_NOW = "aws:CurrentTime"


def units(a: Side, b: Side) -> tuple[Unit, ...]:
    """Take two sides of the same names apart; equal places are among them."""
    return (*_levels(a, b), *_sets(a, b), *_scope_down(a, b), *_things(a, b), *_context(a, b), *_call(a, b))


def together(found: tuple[Unit, ...], take: Mapping[str, Choice], otherwise: Choice) -> Side:
    """Put a side together: each place from the side that `take` names by its slot."""
    held = {one.slot: getattr(one, take.get(one.slot, otherwise)) for one in found}
    policies = {name: held[name] for name in _SETS} | {name: _level_set(name, held) for name in _LEVELS}
    policies["scope_down"] = held["scope_down"] if "scope_down" in held else _level_set("scope_down", held) or None
    things: dict[str, Resource] = {}
    for slot, value in held.items():
        kind, _, arn = slot.partition(" ")
        if kind == "facts" and value is not MISSING:
            things[arn] = msgspec.structs.replace(value, policy=_thing_policy(held, arn))
    request = Request(**{name: held[f"call {name}"] for name in _CALL}, **_told(held))
    return Side(request=request, evidence=Evidence(policies=Policies(**policies), resources=things, now=held["now"]))


def _thing_policy(held: Mapping[str, Any], arn: str) -> Policy | Gap | None:
    value = held[f"policy {arn}"] if f"policy {arn}" in held else held["resource"]
    return None if value is MISSING else value


def _told(held: Mapping[str, Any]) -> dict[str, Any]:
    context, unknown = {}, []
    for slot, value in held.items():
        kind, _, _ = slot.partition(" ")
        if kind != "key" or value is MISSING:
            continue
        name, given = value
        if isinstance(given, Gap):
            unknown.append(name)
        else:
            context[name] = given
    return {"context": context, "unknown_keys": tuple(unknown)}


def _level_set(name: str, held: Mapping[str, Any]) -> Any:
    whole = held.get(name)
    if isinstance(whole, Gap):
        return whole
    found = [value for slot, value in held.items() if slot.partition(" ")[0] == name and value is not MISSING and value is not None]
    return tuple(one for value in found for one in (value if isinstance(value, tuple) else (value,)))


def _sets(a: Side, b: Side) -> Iterator[Unit]:
    for layer in _SETS:
        one, other = (getattr(side.evidence.policies, layer) for side in (a, b))
        where = [holder_of_policy(side.request.action, side.request.resource) for side in (a, b)] if layer == "resource" else [None, None]
        yield Unit(layer=layer, slot=layer, a=one, b=other, place_a=where[0], place_b=where[1])


def _levels(a: Side, b: Side) -> Iterator[Unit]:
    for layer in _LEVELS:
        one, other = (getattr(side.evidence.policies, layer) for side in (a, b))
        if isinstance(one, Gap) or isinstance(other, Gap):
            yield Unit(layer=layer, slot=layer, a=one, b=other)
            continue
        for index, (mine, theirs) in enumerate(_paired(one, other)):
            yield Unit(layer=layer, slot=f"{layer} {index}", a=mine, b=theirs, place_a=_level_name(mine), place_b=_level_name(theirs))


def _scope_down(a: Side, b: Side) -> Iterator[Unit]:
    """Take scope-down policies one by one: each must allow."""
    one, other = (side.evidence.policies.scope_down for side in (a, b))
    if not one or not other or isinstance(one, Gap) or isinstance(other, Gap):
        yield Unit(layer="scope_down", slot="scope_down", a=one, b=other)
        return
    for index, (mine, theirs) in enumerate(_unordered(one, other)):
        places = [None if held is MISSING else held.name for held in (mine, theirs)]
        pair = [held if held is MISSING else (held,) for held in (mine, theirs)]
        yield Unit(layer="scope_down", slot=f"scope_down {index}", a=pair[0], b=pair[1], place_a=places[0], place_b=places[1])


def _unordered(a: tuple[Policy, ...], b: tuple[Policy, ...]) -> list[tuple[Any, Any]]:
    """Pair policies of which each must allow: with one that says the same, also where that stands once only, else in their order."""
    pairs: list[tuple[Any, Any]] = []
    left = list(b)
    alone = []
    for one in a:
        like = _like(one, (*left, *b))
        if like is None:
            alone.append(one)
            continue
        pairs.append((one, like))
        left = [other for other in left if other is not like]
    again = [(_like(other, a), other) for other in left]
    pairs += [pair for pair in again if pair[0] is not None]
    return pairs + _side_by_side(tuple(alone), tuple(other for like, other in again if like is None))


def _like(one: Policy, among: tuple[Policy, ...]) -> Policy | None:
    return next((other for other in among if _said(other) == _said(one)), None)


def _level_name(level: Any) -> str | None:
    if level is MISSING:
        return None
    return f"{level.target} ({level.name})" if level.name and level.name != level.target else str(level.target)


def _paired(a: tuple[Level, ...], b: tuple[Level, ...]) -> list[tuple[Any, Any]]:
    """Pair the levels: root with root, account with account, between them those that say the same, then in their order."""
    if not a or not b:
        return [(one, MISSING) for one in a] + [(MISSING, other) for other in b]
    if len(a) == 1 or len(b) == 1:
        return _side_by_side(a[:1], b[:1]) + [(one, MISSING) for one in a[1:]] + [(MISSING, other) for other in b[1:]]
    return [(a[0], b[0]), *_between(a[1:-1], b[1:-1]), (a[-1], b[-1])]


def _between(a: tuple[Level | Policy, ...], b: tuple[Level | Policy, ...]) -> list[tuple[Any, Any]]:
    mine, theirs = ([_said(one) for one in levels] for levels in (a, b))
    found: list[tuple[Any, Any]] = []
    for _, i, j, k, end in SequenceMatcher(a=mine, b=theirs, autojunk=False).get_opcodes():
        found += _side_by_side(a[i:j], b[k:end])
    return found


def _said(level: Level | Policy) -> Any:
    if isinstance(level, Policy):
        return canonical.atoms((level,))
    return level.policies.what if isinstance(level.policies, Gap) else canonical.atoms(level.policies)


def _side_by_side(a: tuple[Level | Policy, ...], b: tuple[Level | Policy, ...]) -> list[tuple[Any, Any]]:
    most = max(len(a), len(b))
    return [(a[i] if i < len(a) else MISSING, b[i] if i < len(b) else MISSING) for i in range(most)]


def _things(a: Side, b: Side) -> Iterator[Unit]:
    own = holder_of_policy(a.request.action, a.request.resource)
    for arn in dict.fromkeys((*a.evidence.resources, *b.evidence.resources)):
        one, other = (side.evidence.resources.get(arn) for side in (a, b))
        bare = [MISSING if thing is None else msgspec.structs.replace(thing, policy=None) for thing in (one, other)]
        yield Unit(layer="setting", slot=f"facts {arn}", a=bare[0], b=bare[1], place_a=arn, place_b=arn)
        shared = ((one, a), (other, b))
        if arn == own and all(thing is None or _same_text(thing.policy, side.evidence.policies.resource) for thing, side in shared):
            continue  # the very policy that stands in the layer
        policies = [MISSING if thing is None else thing.policy for thing in (one, other)]
        yield Unit(layer="resource", slot=f"policy {arn}", a=policies[0], b=policies[1], place_a=arn, place_b=arn)


def _same_text(one: Policy | Gap | None, other: Policy | Gap | None) -> bool:
    if isinstance(one, Policy) and isinstance(other, Policy):
        return one.document.data == other.document.data
    return type(one) is type(other)


def _context(a: Side, b: Side) -> Iterator[Unit]:
    mine, theirs = (_keys(side.request) for side in (a, b))
    for lower in dict.fromkeys((*mine, *theirs)):
        one, other = mine.get(lower, MISSING), theirs.get(lower, MISSING)
        name = one[0] if one is not MISSING else other[0]
        yield Unit(layer="context", slot=f"key {lower}", a=one, b=other, key=name)
    yield Unit(layer="context", slot="now", a=a.evidence.now, b=b.evidence.now, key=_NOW)


def _keys(request: Request) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {key.lower(): (key, value) for key, value in request.context.items()}
    return found | {key.lower(): (key, Gap(what=f"context key {key}")) for key in request.unknown_keys if key.lower() not in found}


def _call(a: Side, b: Side) -> Iterator[Unit]:
    for name in _CALL:
        yield Unit(layer="call", slot=f"call {name}", a=getattr(a.request, name), b=getattr(b.request, name), key=name)
