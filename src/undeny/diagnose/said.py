"""What AWS's own sentence says: the layer and the kind of denial, word for word.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from undeny.decide.model import LayerName
from undeny.denial.model import Kind
from undeny.diagnose import blocks, facts, say, weights
from undeny.diagnose.model import Case, Cause
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

AGAINST_EVIDENCE = weights.BLOCKED + weights.NAMED + 4.0
"""A layer that the sentence names stands before another one that local policies lack an allow in: it did deny, at that time."""


def layer(case: Case, named: LayerName, kind: Kind, code: str) -> Cause | None:
    """Give the cause where the sentence names this layer and kind, and the verdict does not say the same by itself."""
    denial = case.denial
    if facts.named_layer(denial) != named or (denial.kind or "implicit") != kind or _decided(case, named):
        return None
    across = crosses(case)
    policy = denial.policy_arn
    own = "trust policy" if denial.policy_type == "role_trust" else blocks.OWN[named]
    where = f" {policy_name(policy)}" if policy else ""
    says = f"AWS says that the {own}{where} denies" if kind == "explicit" else f"AWS says that no {own} allows"
    summary = f"{says} {say.fill(case, '{who} {what} on {on}')}"
    return Cause(
        code=code,
        certainty="likely" if across and kind == "implicit" else "stated",
        summary=summary,
        layer=named,
        policy=policy,
        weight=AGAINST_EVIDENCE if facts.read(case) and not across else weights.SAID,
    )


def policy_name(arn: str) -> str:
    """Give the name at the end of a policy's ARN."""
    parsed = Arn.parse(arn)
    return parsed.name if parsed else arn


def crosses(case: Case) -> bool:
    """Tell whether caller and resource are in two accounts, by the sentence itself: the named layer can be the wrong side then."""
    denial = case.denial
    request = facts.main(case)
    if request is not None and not facts.same_account(request):
        return True
    caller = Principal.parse(denial.principal).account if denial.principal else None
    resource = Arn.parse(denial.resource) if denial.resource else None
    return bool(caller and resource and resource.account and resource.account != caller)


def _decided(case: Case, named: LayerName) -> bool:
    return any(named in verdict.blocked_by and facts.resource_known(request) for _, request, verdict in facts.denied(case))
