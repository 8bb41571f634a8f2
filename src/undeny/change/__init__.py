"""Plans, carries out, confirms and rolls back proven fixes; keeps the journal and the saved explanations."""

from typing import TYPE_CHECKING

from undeny.change import store
from undeny.doors import lazily

if TYPE_CHECKING:
    from undeny.change.carrying import Way, carry_out, resume
    from undeny.change.combinations import matrix
    from undeny.change.loading import load
    from undeny.change.planning import plan
    from undeny.change.runbooks import runbook
    from undeny.change.sandbox import walk_in_sandbox
    from undeny.change.undoing import roll_back
    from undeny.change.verifying import verify
    from undeny.change.watching import Watcher

__all__ = [
    "Watcher",
    "Way",
    "carry_out",
    "load",
    "matrix",
    "plan",
    "resume",
    "roll_back",
    "runbook",
    "store",
    "verify",
    "walk_in_sandbox",
]
_DOORS = {
    "Way": "carrying",
    "carry_out": "carrying",
    "plan": "planning",
    "resume": "carrying",
    "roll_back": "undoing",
    "walk_in_sandbox": "sandbox",
    "matrix": "combinations",
    "load": "loading",
    "Watcher": "watching",
    "runbook": "runbooks",
    "verify": "verifying",
}

__getattr__ = lazily(__name__, _DOORS)
