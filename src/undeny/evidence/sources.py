"""Self-contained scenarios as people give them: a mapping, a text with one or with one a line, a file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from undeny.evidence import scenario, strict
from undeny.evidence.scenario import Scenario


def _is_scenario(value: Any) -> bool:
    return isinstance(value, Mapping) and any(isinstance(value.get(name), Mapping) for name in ("policies", "request"))


def scenarios(source: Any) -> tuple[Scenario, ...]:
    """Give the scenarios that a mapping, a text or a file holds; none where it holds something else."""
    if isinstance(source, Mapping):
        return (scenario.read(source),) if _is_scenario(source) else ()
    if isinstance(source, os.PathLike):
        return _in_file(source)
    if isinstance(source, str) and source.lstrip()[:1] == "{":
        return tuple(scenario.read(one) for one in strict.values(source) or () if _is_scenario(one))
    return ()


def _in_file(path: "os.PathLike[str]") -> tuple[Scenario, ...]:
    try:
        with Path(path).open("rb") as file:
            head = file.read(64).lstrip()
            if head[:1] != b"{":
                return ()
            return scenarios((head + file.read(20_000_000)).decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        return ()  # the denial reader says what is wrong with the file
