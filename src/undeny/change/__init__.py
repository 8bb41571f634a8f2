"""Plans, carries out, confirms and rolls back proven fixes; keeps the journal and the saved explanations."""

from typing import TYPE_CHECKING, Any

from undeny.change import store

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


def __getattr__(name: str) -> Any:
    """Load a door's file when it is first asked for: saving an explanation needs no boto3."""
    if name not in _DOORS:
        raise AttributeError(f"module 'undeny.change' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - only here

    value = getattr(import_module(f"undeny.change.{_DOORS[name]}"), name)
    globals()[name] = value
    return value
