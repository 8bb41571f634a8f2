"""Identity policies: the caller's own and its groups'."""

from undeny.decide.call import Call
from undeny.decide.rules import Check, CompiledLayers, Rule, sort_out


def rule(call: Call, policies: CompiledLayers) -> Rule:
    """Take the identity policies. The root user has everything (trap 10); services, anonymous and token callers have none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
    """
    if call.principal.kind == "root":
        return Rule(groups=[[Check(certain=True)]])
    if not call.has_identity or policies.identity is None:
        return Rule(applies=False, groups=[[]])
    denies, allows = sort_out(policies.identity, call)
    return Rule(denies=denies, groups=[allows])
