"""Scope-down policies of `sts:GetScopedCredentials`: each must allow, whatever the resource policy says.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
"""

from undeny.decide.call import Call
from undeny.decide.rules import ABSENT, CompiledLayers, Rule, sort_out


def rule(call: Call, policies: CompiledLayers) -> Rule:
    """Make one group for each policy; callers without credentials of their own have none."""
    if policies.scope_down is None or not call.has_identity:
        return ABSENT
    sorted_out = [sort_out(entries, call) for entries in policies.scope_down]
    groups = [allows for _, allows in sorted_out] or [[]]
    return Rule(denies=[check for denies, _ in sorted_out for check in denies], groups=groups)
