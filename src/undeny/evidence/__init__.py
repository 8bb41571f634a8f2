"""Every policy and fact that bears on a request, each with its source and time, or a gap that says why it is missing."""

from typing import TYPE_CHECKING, Any

from undeny.evidence.completing import complete
from undeny.evidence.layers import find, holder_of_policy, policies_for, unread

if TYPE_CHECKING:
    from undeny.evidence import scenario, snapshot

__all__ = ["complete", "find", "holder_of_policy", "policies_for", "scenario", "snapshot", "unread"]


def __getattr__(name: str) -> Any:
    """Load the readers and writers of files when they are first asked for."""
    if name not in ("scenario", "snapshot"):
        raise AttributeError(f"module 'undeny.evidence' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - only here

    return import_module(f"undeny.evidence.{name}")
