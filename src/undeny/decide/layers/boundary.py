"""The permissions boundary of a user or role."""

from undeny.decide.call import Call
from undeny.decide.rules import ABSENT, CompiledLayers, Rule, sort_out


def rule(call: Call, policies: CompiledLayers) -> Rule:
    """Take the boundary; the root user has none: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html."""
    if not call.has_identity or call.principal.kind == "root" or policies.boundary is None:
        return ABSENT
    denies, allows = sort_out(policies.boundary, call)
    return Rule(denies=denies, groups=[allows])
