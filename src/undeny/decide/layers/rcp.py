"""Resource control policies of the resource's account. They deny only: `RCPFullAWSAccess` is at every level and cannot be detached.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from functools import partial

from undeny import catalog
from undeny.decide.call import Call
from undeny.decide.naming import naming
from undeny.decide.rules import ABSENT, CompiledLayers, Rule, sort_out


def exempt(call: Call) -> bool:
    """Whether RCPs do not reach the resource, or not this caller or action.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
    """
    if (
        call.resource_account is None
        or (call.resource == "*" and not call.resource_untold)
        or call.service not in catalog.rcp_services().prefixes
    ):
        return True
    known = catalog.action(call.action)
    if known is not None and not known.resources:
        return True
    if call.principal.is_service_linked_role or (call.arn is not None and call.arn.resource.startswith("role/aws-service-role/")):
        return True
    if call.does("kms:retiregrant") or call.setting(call.resource, "KeyManager") == "AWS":
        return True
    return bool(call.account_setting(call.resource_account, "MasterAccountId") == call.resource_account)


def rule(call: Call, policies: CompiledLayers) -> Rule:
    """Take the denies of every level."""
    if not policies.rcp or exempt(call):
        return ABSENT
    namer = partial(naming, call)
    made = Rule(denies=[check for entries in policies.rcp for check in sort_out(entries, call, namer=namer)[0]])
    made.namer = namer
    return made
