"""Plans, carries out, confirms and rolls back proven fixes; keeps the journal and the saved explanations."""

from typing import TYPE_CHECKING

from undeny.change import store
from undeny.doors import lazily

if TYPE_CHECKING:
    from undeny.change.carrying import Way, carry_out
    from undeny.change.planning import plan
    from undeny.change.runbooks import runbook
    from undeny.change.undoing import roll_back
    from undeny.change.verifying import verify

__all__ = ["Way", "carry_out", "plan", "roll_back", "runbook", "store", "verify"]
_DOORS = {
    "Way": "carrying",
    "carry_out": "carrying",
    "plan": "planning",
    "roll_back": "undoing",
    "runbook": "runbooks",
    "verify": "verifying",
}

__getattr__ = lazily(__name__, _DOORS)
