"""The session policy: one allow among its policies is enough."""

from undeny.decide.call import Call
from undeny.decide.rules import ABSENT, CompiledLayers, Rule, sort_out


def rule(call: Call, policies: CompiledLayers) -> Rule:
    """Take the session policies. A federated user without a session policy has no permission but what names the session.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    """
    if not call.has_identity:
        return ABSENT
    if policies.session is None:
        return Rule(groups=[[]]) if call.principal.kind == "federated_user" else ABSENT
    denies, allows = sort_out(policies.session, call)
    return Rule(denies=denies, groups=[allows])
