"""Explanations that were saved: an id carries over from one command to the next."""

from functools import cache
from typing import Any

import msgspec

from undeny.change.store import Store
from undeny.denial.model import Denial
from undeny.evidence import scenario
from undeny.pipeline import Subject, Walk, scenario_of, to_builtins


@cache
def store() -> Store:
    """Open the store in the user's state folder or `$UNDENY_HOME`."""
    return Store()


def save(walked: Walk) -> str:
    """Save a walk with the scenario that it can be proved from again; gives its short id."""
    return store().save_explanation(to_builtins(walked.explanation), scenario=scenario_of(walked))


def last_explanation() -> str:
    """Give the id of the last explanation. Raises `UndenyError` where there is none."""
    return str(store().explanation()["id"])


def subject(short: str) -> Subject:
    """Give what was explained under an id, with its evidence, to be explained again."""
    body: dict[str, Any] = store().explanation(short)
    seen = msgspec.convert(body["denial"], Denial)
    kept = store().scenario(short)
    if kept is None or _nothing_read(body):
        return Subject(denial=seen)
    return Subject(denial=seen, scenario=scenario.read(kept))


def _nothing_read(body: dict[str, Any]) -> bool:
    return not body["verdicts"]
