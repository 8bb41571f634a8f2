"""Every policy and fact that bears on a request, each with its source and time, or a gap that says why it is missing."""

from undeny.evidence import scenario, snapshot
from undeny.evidence.completing import complete
from undeny.evidence.layers import find, holder_of_policy, policies_for, unread

__all__ = ["complete", "find", "holder_of_policy", "policies_for", "scenario", "snapshot", "unread"]
