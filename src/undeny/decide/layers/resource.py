"""The resource's own policy: a bucket's, queue's or key's, the trust policy of a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
"""

from functools import partial

from undeny.decide.call import Call
from undeny.decide.naming import naming
from undeny.decide.rules import Answer, CompiledLayers, ResourceRule, sort_out_resource


def rule(call: Call, policies: CompiledLayers, *, without_resource: Answer = True) -> ResourceRule:
    """Sort out by naming. A statement without Resource speaks of the thing that holds it (a trust policy's, an ECR repository's)."""
    namer = partial(naming, call)
    if policies.resource is None:
        made = ResourceRule(without_resource=without_resource)
        made.namer = namer
        return made
    return sort_out_resource(policies.resource, call, namer, without_resource=without_resource)
