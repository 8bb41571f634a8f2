"""A role's trust policy must always allow; the root user assumes no role."""

from undeny.decide.call import Call
from undeny.decide.plan import Parts

NEEDS = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html"
ROOT = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"


def adapt(call: Call, parts: Parts) -> None:
    """Let the trust policy have the last word on a role."""
    if call.arn is None or call.arn.service_prefix != "iam" or call.arn.resource_type != "role":
        return
    parts.always_needs_the_policy()
    if call.principal.kind == "root" and call.does("sts:assumerole"):
        parts.forbid("roles may not be assumed by the root user of an account")
